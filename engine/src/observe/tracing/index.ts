export { type SegmentDelivery, type Sender, segmentDelivery } from './delivery';
export { flagsOf, type SegmentDocument, seconds } from './document';
export { formatTraceHeader, newSegmentId, newTraceId, parseTraceHeader, type TraceHeader } from './header';
export { type Decision, forgetSampler, Reservoir, type Sampler, samplerOf } from './sampling';
