import {
  defineService,
  type Host,
  type Operation,
  type OperationName,
  type ServiceStores,
} from '../../kernel';
import { pendingLogs } from '../../observe/pending-logs';
import { filterLogEvents } from './filter-events';
import { getLogEvents } from './get-events';
import {
  createLogGroup,
  deleteLogGroup,
  deleteRetentionPolicy,
  describeLogGroups,
  putRetentionPolicy,
} from './groups';
import { putLogEvents } from './put-events';
import { expiredBefore, logsStore } from './store';
import { createLogStream, deleteLogStream, describeLogStreams } from './streams';
import {
  listTagsForResource,
  listTagsLogGroup,
  tagLogGroup,
  tagResource,
  untagLogGroup,
  untagResource,
} from './tags';
import { testMetricFilter } from './test-filter';

export default defineService({
  name: 'logs',
  operations: {
    CreateLogGroup: createLogGroup,
    CreateLogStream: createLogStream,
    DeleteLogGroup: settled(deleteLogGroup),
    DeleteLogStream: settled(deleteLogStream),
    DeleteRetentionPolicy: deleteRetentionPolicy,
    DescribeLogGroups: settled(describeLogGroups),
    DescribeLogStreams: settled(describeLogStreams),
    FilterLogEvents: settled(filterLogEvents),
    GetLogEvents: settled(getLogEvents),
    ListTagsForResource: listTagsForResource,
    ListTagsLogGroup: listTagsLogGroup,
    PutLogEvents: putLogEvents,
    PutRetentionPolicy: putRetentionPolicy,
    TagLogGroup: tagLogGroup,
    TagResource: tagResource,
    TestMetricFilter: testMetricFilter,
    UntagLogGroup: untagLogGroup,
    UntagResource: untagResource,
  },
  access: () => import('./access').then((module) => module.default),
  resources: () => import('./resources').then((module) => module.default),
  start: removeExpired,
});

/** An operation that finds what was logged before it, wherever that is on its way. */
function settled<O extends OperationName<'logs'>>(operation: Operation<'logs', O>): Operation<'logs', O> {
  return async (input, call) => {
    await pendingLogs(call).flush();
    return operation(input, call);
  };
}

/** What retention has ended is not shown any more; at a start it also goes from the disk. */
function removeExpired(host: Host, stores: ServiceStores): void {
  for (const { account, region } of stores.scopes()) {
    const store = logsStore(stores.of(account, region));
    for (const group of store.groups.values()) {
      const before = expiredBefore(group, host.clock.millis());
      if (before === 0) continue;
      for (const stream of store.streams.values({ prefix: [group.name] })) {
        if ((stream.first ?? before) >= before) continue;
        store.events.clear({ prefix: [stream.uid], end: [stream.uid, before] });
      }
    }
  }
}
