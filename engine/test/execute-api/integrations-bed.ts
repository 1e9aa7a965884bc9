import {
  PutIntegrationResponseCommand,
  type PutIntegrationResponseCommandInput,
  PutMethodResponseCommand,
  TestInvokeMethodCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { Bed, type TestApi } from '../apigateway/support';

type Integration = Parameters<TestApi['method']>[2];
type Method = Parameters<TestApi['method']>[3];
type Where = Awaited<ReturnType<TestApi['method']>>;
type IntegrationResponse = Partial<
  Omit<PutIntegrationResponseCommandInput, 'restApiId' | 'resourceId' | 'httpMethod'>
>;

/** Adds a method with an integration and its responses; the default one answers 200. */
export async function custom(
  api: TestApi,
  httpMethod: string,
  path: string,
  integration: Integration,
  options: { method?: Method; responses?: readonly IntegrationResponse[]; headers?: readonly string[] } = {},
): Promise<Where> {
  const where = await api.method(httpMethod, path, integration, options.method);
  for (const response of options.responses ?? [{}]) {
    const statusCode = response.statusCode ?? '200';
    const declared = [...Object.keys(response.responseParameters ?? {}), ...(options.headers ?? [])];
    await api.bed.api.send(
      new PutMethodResponseCommand({
        ...where,
        statusCode,
        responseParameters: Object.fromEntries(declared.map((name) => [name, false])),
      }),
    );
    await api.bed.api.send(new PutIntegrationResponseCommand({ ...where, ...response, statusCode }));
  }
  return where;
}

/** A MOCK whose response template is what a test is about; the request's body reaches it through a header. */
export async function mock(api: TestApi, path: string, template: string): Promise<Where> {
  return custom(
    api,
    'POST',
    path,
    { type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode": 200}' } },
    { responses: [{ responseTemplates: { 'application/json': template } }] },
  );
}

/** A role for the gateway, which may do what is said, on everything. */
export async function gatewayRole(
  bed: Bed,
  name: string,
  actions: readonly string[],
  service = 'apigateway.amazonaws.com',
): Promise<string> {
  const iam = bed.cloud.client(IAMClient);
  const trust = { Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: name,
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    }),
  );
  if (actions.length > 0) {
    const statement = { Effect: 'Allow', Action: actions, Resource: '*' };
    await iam.send(
      new PutRolePolicyCommand({
        RoleName: name,
        PolicyName: 'may',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
      }),
    );
  }
  return Role?.Arn ?? '';
}

/** What the execution log says, without the times. */
export async function logOf(
  bed: Bed,
  where: Where,
  input: { body?: string; headers?: Record<string, string>; pathWithQueryString?: string } = {},
): Promise<{ status: number | undefined; body: string | undefined; lines: string[] }> {
  const result = await bed.api.send(new TestInvokeMethodCommand({ ...where, ...input }));
  const lines = (result.log ?? '').split('\n').map((line) => line.replace(/^.* UTC \d{4} : /, ''));
  return { status: result.status, body: result.body, lines };
}

export { Bed };
