import { defineService } from '../../kernel';
import { batchGetTraces } from './batch-get-traces';
import { getEncryptionConfig } from './encryption';
import { putTelemetryRecords, putTraceSegments } from './put-trace-segments';
import { removeAllExpired } from './retention';
import {
  createSamplingRule,
  deleteSamplingRule,
  getSamplingRules,
  updateSamplingRule,
} from './sampling-rules';
import { getSamplingTargets } from './sampling-targets';
import { getServiceGraph, getTraceGraph } from './service-graph';
import { getTraceSummaries } from './trace-summaries';

export default defineService({
  name: 'xray',
  operations: {
    BatchGetTraces: batchGetTraces,
    CreateSamplingRule: createSamplingRule,
    DeleteSamplingRule: deleteSamplingRule,
    GetEncryptionConfig: getEncryptionConfig,
    GetSamplingRules: getSamplingRules,
    GetSamplingTargets: getSamplingTargets,
    GetServiceGraph: getServiceGraph,
    GetTraceGraph: getTraceGraph,
    GetTraceSummaries: getTraceSummaries,
    PutTelemetryRecords: putTelemetryRecords,
    PutTraceSegments: putTraceSegments,
    UpdateSamplingRule: updateSamplingRule,
  },
  access: () => import('./access').then((module) => module.default),
  start: removeAllExpired,
});
