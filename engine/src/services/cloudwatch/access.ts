import type { Access, Needed } from '../../kernel';

/** None of these actions knows resources. */
const anywhere = (action: string, keys: Needed['keys'] = {}): Needed => ({
  action: `cloudwatch:${action}`,
  resource: '*',
  keys,
});

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
const access: Access<'cloudwatch'> = {
  GetMetricData: () => anywhere('GetMetricData'),
  GetMetricStatistics: () => anywhere('GetMetricStatistics'),
  ListMetrics: () => anywhere('ListMetrics'),
  PutMetricData: ({ Namespace }) => anywhere('PutMetricData', { 'cloudwatch:namespace': Namespace }),
};

export default access;
