import type { ApiSnapshot } from '../../../execute-api/deployed';
import { tree } from '../openapi/tree';
import type { SdkMethod } from './client';
import { modelName, typeOf } from './types';

/** What the client takes and gives, by the API's models. */
export function typesText(snapshot: ApiSnapshot, methods: readonly SdkMethod[]): string {
  const models = Object.entries(snapshot.models).map(
    ([name, schema]) => `export type ${modelName(name)} = ${typeOf(tree(JSON.parse(schema)))};`,
  );
  return `${models.join('\n')}

export interface Answer<T> { status: number; statusText: string; headers: Record<string, string>; data: T }
export interface AdditionalParams { headers?: Record<string, string>; queryParams?: Record<string, string> }
export interface Config { invokeUrl?: string; apiKey?: string; accessKey?: string; secretKey?: string; sessionToken?: string; region?: string; defaultContentType?: string; defaultAcceptType?: string }
export interface Client {
${methods.map((method) => `  ${signatureOf(snapshot, method)}`).join('\n')}
}
export function newClient(config?: Config): Client;
export as namespace apigClientFactory;
`;
}

function signatureOf(snapshot: ApiSnapshot, { name, parameters, method }: SdkMethod): string {
  const known = (model: string | undefined) =>
    model !== undefined && Object.hasOwn(snapshot.models, model) ? modelName(model) : undefined;
  const [body] = Object.values(method.requestModels ?? {});
  const good = Object.entries(method.methodResponses ?? {}).filter(([status]) => status.startsWith('2'));
  const answers = good.flatMap(([, one]) => known(Object.values(one.responseModels ?? {})[0]) ?? []);
  const isRequired = (kind: string, one: string) =>
    kind === 'path' || method.requestParameters?.[`method.request.${kind}.${one}`] === true;
  const all = Object.entries(parameters).flatMap(([kind, names]) =>
    names.map((one) => ({ one, required: isRequired(kind, one) })),
  );
  const members = all.map(({ one, required }) => `${JSON.stringify(one)}${required ? '' : '?'}: string`);
  const params = members.length > 0 ? `{ ${members.join('; ')} }` : 'Record<string, never>';
  const optional = all.some(({ required }) => required) ? '' : '?';
  const answer = answers.length > 0 ? [...new Set(answers)].join(' | ') : 'unknown';
  return `${JSON.stringify(name)}(params${optional}: ${params}, body?: ${known(body) ?? 'unknown'}, additionalParams?: AdditionalParams): Promise<Answer<${answer}>>;`;
}
