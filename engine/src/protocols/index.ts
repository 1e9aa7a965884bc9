export type { UnchunkedBody } from './aws-chunked';
export { decode, isStreamingInput } from './decode';
export { encode } from './encode';
export { encodeError } from './errors';
export { detectProtocol, matchOperation, unknownOperation } from './match';
export {
  loadIndex,
  loadModel,
  type OperationModel,
  type ProtocolName,
  type ServiceModel,
} from './model';
export { sensitiveTexts } from './sensitive';
export { validateInput } from './validate';
export type { WireRequest, WireResponse } from './wire';
