import type { Authorizer } from '@aws-sdk/client-api-gateway';
import { known } from './export-integration';
import { isTree, type Tree, text } from './tree';

const MODEL = /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/([^/#]+)$/;

/** The models in use, as a document's schemas: one that another refers to is in use, too. */
export class ExportedModels {
  readonly schemas: Tree = {};

  constructor(
    readonly models: Readonly<Record<string, string>>,
    /** Where a document has its schemas. */
    readonly at: '#/definitions' | '#/components/schemas',
  ) {}

  /** A reference to the model, which is in the document from now on. */
  reference(name: string): Tree {
    const schema = this.models[name];
    if (!Object.hasOwn(this.schemas, name) && schema !== undefined) {
      this.schemas[name] = {};
      this.schemas[name] = this.#rewritten(parsed(schema));
    }
    return { $ref: `${this.at}/${name}` };
  }

  #rewritten(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => this.#rewritten(one));
    if (!isTree(value)) return value;
    const model = MODEL.exec(text(value.$ref) ?? '')?.[1];
    if (model !== undefined) return this.reference(model);
    const entries = Object.entries(value).filter(([key, one]) => key !== '$schema' || isTree(one));
    return Object.fromEntries(entries.map(([key, one]) => [key, this.#rewritten(one)]));
  }
}

function parsed(schema: string): unknown {
  try {
    return JSON.parse(schema);
  } catch {
    // A model of another media type than JSON is text.
    return {};
  }
}

const HEADER = /^method\.request\.header\.([^,\s]+)$/;

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html */
export function exportedAuthorizer(authorizer: Authorizer, extensions: boolean): Tree {
  const header = HEADER.exec(authorizer.identitySource ?? '')?.[1];
  const scheme = { type: 'apiKey', name: header ?? 'Unused', in: 'header' };
  if (!extensions) return scheme;
  return {
    ...scheme,
    'x-amazon-apigateway-authtype': authorizer.authType ?? 'custom',
    'x-amazon-apigateway-authorizer': known({
      type: authorizer.type?.toLowerCase(),
      providerARNs: authorizer.providerARNs,
      authorizerUri: authorizer.authorizerUri,
      authorizerCredentials: authorizer.authorizerCredentials,
      authorizerResultTtlInSeconds: authorizer.authorizerResultTtlInSeconds,
      identityValidationExpression: authorizer.identityValidationExpression,
      identitySource: header && authorizer.type !== 'REQUEST' ? undefined : authorizer.identitySource,
    }),
  };
}

export const API_KEY = { type: 'apiKey', name: 'x-api-key', in: 'header' };

export const exportedIam = (extensions: boolean): Tree => ({
  type: 'apiKey',
  name: 'Authorization',
  in: 'header',
  ...(extensions && { 'x-amazon-apigateway-authtype': 'awsSigv4' }),
});
