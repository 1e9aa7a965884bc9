import {
  type Authorizer,
  CreateAuthorizerCommand,
  type CreateAuthorizerCommandInput,
} from '@aws-sdk/client-api-gateway';
import { type Bed, proxyTo, type TestApi } from './support';

/** A function that answers with its event. */
export const ECHO = 'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });';

export const uriOf = (functionArn: string): string =>
  `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`;

/**
 * An authorizer's function: allows, denies or fails as the token says, and says how often it was asked.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
 */
export const BY_TOKEN = `
let asked = 0;
exports.handler = async (event) => {
  asked += 1;
  const token = event.authorizationToken ?? event.headers.token ?? '';
  const statement = (Effect, Resource) => ({ Action: 'execute-api:Invoke', Effect, Resource });
  const answer = (...Statement) => ({
    principalId: 'user|' + token,
    policyDocument: { Version: '2012-10-17', Statement },
    context: { asked, token, vip: true },
  });
  if (token === 'unauthorized') throw new Error('Unauthorized');
  if (token === 'broken') throw new Error('no luck');
  if (token === 'nested') return { ...answer(statement('Allow', '*')), context: { deep: { a: 1 } } };
  if (token === 'no-policy') return { principalId: 'user' };
  if (token === 'bad-policy') return { principalId: 'user', policyDocument: { Statement: [{ Effect: 'Maybe' }] } };
  if (token === 'no-principal') return { policyDocument: answer(statement('Allow', '*')).policyDocument };
  if (token === 'too-much') return { ...answer(statement('Allow', '*')), more: 1 };
  if (token === 'event') return { ...answer(statement('Allow', '*')), context: { event: JSON.stringify(event) } };
  if (token === 'deny') return answer(statement('Allow', '*'), statement('Deny', event.methodArn));
  if (token === 'elsewhere') return answer(statement('Allow', event.methodArn.replace('/GET/', '/PUT/')));
  if (token === 'this-method') return answer(statement('Allow', event.methodArn));
  if (token.startsWith('key:')) return { ...answer(statement('Allow', '*')), usageIdentifierKey: token.slice(4) };
  return answer(statement('Allow', '*'));
};`;

export async function newAuthorizer(
  api: TestApi,
  input: Partial<CreateAuthorizerCommandInput>,
): Promise<Authorizer & { id: string }> {
  const made = await api.bed.api.send(
    new CreateAuthorizerCommand({
      restApiId: api.id,
      name: 'door',
      type: 'TOKEN',
      identitySource: 'method.request.header.Authorization',
      ...input,
    }),
  );
  return { ...made, id: made.id ?? '' };
}

/** An API whose methods /a and /b ask an authorizer, and answer with the events they get. */
export async function guardedApi(
  bed: Bed,
  input: Partial<CreateAuthorizerCommandInput>,
  options: { echo: string; apiKeyRequired?: boolean; api?: Parameters<Bed['newApi']>[0] },
): Promise<{ api: TestApi; authorizer: Authorizer & { id: string } }> {
  const api = await bed.newApi(options.api);
  const authorizer = await newAuthorizer(api, input);
  const { apiKeyRequired } = options;
  const method = { authorizationType: 'CUSTOM', authorizerId: authorizer.id, apiKeyRequired };
  for (const path of ['/a', '/b', '/items/{id}'])
    await api.method('GET', path, proxyTo(options.echo), method);
  await api.deploy();
  return { api, authorizer };
}

export interface Said {
  status: number;
  type: string | null;
  text: string;
}

/** What AWS tells of a refusal. */
export async function said(answer: Promise<Response>): Promise<Said> {
  const response = await answer;
  return {
    status: response.status,
    type: response.headers.get('x-amzn-errortype'),
    text: await response.text(),
  };
}
