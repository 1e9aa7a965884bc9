import {
  PutIntegrationResponseCommand,
  PutMethodResponseCommand,
  UpdateAccountCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { logDelivery } from '../../src/execute-api/seen/log-delivery';
import type { Bed, TestApi } from './support';

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
});

/** A role that API Gateway may take, with AWS's own policy for its logs unless `policy` says another. */
export async function newLogRole(
  bed: Bed,
  RoleName = 'logs',
  PolicyArn = 'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
): Promise<string> {
  const iam = bed.cloud.client(IAMClient);
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  return Role!.Arn!;
}

export async function setLogRole(bed: Bed, value: string): Promise<void> {
  const patchOperations = [{ op: 'replace' as const, path: '/cloudwatchRoleArn', value }];
  await bed.api.send(new UpdateAccountCommand({ patchOperations }));
}

export async function set(api: TestApi, values: Record<string, string>, stageName = 'prod') {
  const patchOperations = Object.entries(values).map(([path, value]) => ({
    op: 'replace' as const,
    path,
    value,
  }));
  return api.bed.api.send(new UpdateStageCommand({ restApiId: api.id, stageName, patchOperations }));
}

/** A method that answers what its request's template says, without anything behind it. */
export async function mocked(
  api: TestApi,
  path: string,
  method = 'GET',
  status = '200',
  more: Parameters<TestApi['method']>[3] = {},
): Promise<void> {
  const requestTemplates = { 'application/json': `{"statusCode":${status}}` };
  const where = await api.method(method, path, { type: 'MOCK', requestTemplates }, more);
  await api.bed.api.send(new PutMethodResponseCommand({ ...where, statusCode: status }));
  await api.bed.api.send(
    new PutIntegrationResponseCommand({
      ...where,
      statusCode: status,
      responseTemplates: { 'application/json': '{"from":"mock"}' },
    }),
  );
}

/** What is in a log group once all is written that answers have left. */
export async function linesOf(
  bed: Bed,
  logGroupName: string,
  more: Partial<FilterLogEventsCommandInput> = {},
): Promise<string[]> {
  await logDelivery(bed.cloud.host()).flush();
  const logs = bed.cloud.client(CloudWatchLogsClient);
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, ...more }));
  return events.map(({ message = '' }) => message);
}
