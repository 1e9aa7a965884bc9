import type { Authorizer } from '@aws-sdk/client-api-gateway';
import type { Call, Input } from '../../../kernel';
import { checkAuthorizer } from '../authorizers/authorizer-rules';
import { putNewAuthorizer } from '../authorizers/authorizers';
import { tables } from '../store';
import { type Definition, securitySchemesOf } from './document';
import type { Issues } from './issues';
import { list, number, type Tree, text, tree } from './tree';

type PutMethod = Input<'apigateway', 'PutMethod'>;
type Security = Pick<
  PutMethod,
  'authorizationType' | 'authorizerId' | 'authorizationScopes' | 'apiKeyRequired'
>;

type Scheme =
  | { by: 'key' }
  | { by: 'iam' }
  | { by: 'authorizer'; type: 'CUSTOM' | 'COGNITO_USER_POOLS'; id: string };

const TYPES: Readonly<Record<string, 'TOKEN' | 'REQUEST' | 'COGNITO_USER_POOLS'>> = {
  token: 'TOKEN',
  request: 'REQUEST',
  cognito_user_pools: 'COGNITO_USER_POOLS',
};

/** The ways in that a document defines, made authorizers of the API where they are some. */
export class SecuritySchemes {
  readonly #schemes = new Map<string, Scheme>();

  constructor(
    readonly call: Call,
    readonly apiId: string,
    readonly definition: Definition,
    readonly issues: Issues,
  ) {}

  async putAll(): Promise<void> {
    for (const [name, given] of Object.entries(securitySchemesOf(this.definition))) {
      const scheme = await this.#scheme(name, tree(given));
      if (scheme) this.#schemes.set(name, scheme);
    }
  }

  async #scheme(name: string, scheme: Tree): Promise<Scheme | undefined> {
    const authorizer = scheme['x-amazon-apigateway-authorizer'];
    if (authorizer) return this.#authorizer(name, scheme, tree(authorizer));
    if (text(scheme['x-amazon-apigateway-authtype'])?.toLowerCase() === 'awssigv4') return { by: 'iam' };
    if (scheme.type === 'apiKey') {
      return text(scheme.name)?.toLowerCase() === 'x-api-key' && scheme.in === 'header'
        ? { by: 'key' }
        : undefined;
    }
    this.issues.warn(`Unsupported security definition type '${text(scheme.type)}' for '${name}'. Ignoring.`);
    return undefined;
  }

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authorizer.html */
  async #authorizer(name: string, scheme: Tree, given: Tree): Promise<Scheme | undefined> {
    const type = TYPES[text(given.type)?.toLowerCase() ?? ''];
    const header = scheme.in === 'header' ? `method.request.header.${text(scheme.name)}` : undefined;
    const described = {
      name,
      type,
      authType:
        text(scheme['x-amazon-apigateway-authtype']) ??
        (type === 'COGNITO_USER_POOLS' ? 'cognito_user_pools' : 'custom'),
      providerARNs: given.providerARNs
        ? list(given.providerARNs).flatMap((one) => text(one) ?? [])
        : undefined,
      authorizerUri: text(given.authorizerUri),
      authorizerCredentials: text(given.authorizerCredentials),
      identitySource: text(given.identitySource) ?? (type === 'REQUEST' ? undefined : header),
      identityValidationExpression: text(given.identityValidationExpression),
      authorizerResultTtlInSeconds: number(given.authorizerResultTtlInSeconds),
    };
    let id: string | undefined;
    await this.issues.attempt(`Unable to create authorizer '${name}'`, () => {
      id = this.#put(described);
    });
    if (id === undefined) return undefined;
    return { by: 'authorizer', type: type === 'COGNITO_USER_POOLS' ? type : 'CUSTOM', id };
  }

  /** What is there under the name already is described anew and keeps its id. */
  #put(described: Omit<Authorizer, 'id'>): string {
    const { authorizers } = tables(this.call);
    const known = [...authorizers.values({ prefix: [this.apiId] })].find(
      ({ name }) => name === described.name,
    );
    if (!known) return putNewAuthorizer(this.call, this.apiId, described).id;
    const authorizer = { ...described, id: known.id, name: known.name };
    checkAuthorizer(this.call, authorizer);
    authorizers.put([this.apiId, known.id], authorizer);
    return known.id;
  }

  /** Who may call an operation. Swagger 2's `security` of the whole document is not looked at. */
  of(operation: Tree): Security {
    const own =
      operation.security ?? (this.definition.version === 3 ? this.definition.root.security : undefined);
    const security: Security = { authorizationType: 'NONE', apiKeyRequired: false };
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-auth.html
    const auth = text(tree(operation['x-amazon-apigateway-auth']).type)?.toUpperCase();
    if (auth) security.authorizationType = auth;
    for (const requirement of list(own)) {
      for (const [name, scopes] of Object.entries(tree(requirement))) {
        const scheme = this.#schemes.get(name);
        if (scheme?.by === 'key') security.apiKeyRequired = true;
        else if (scheme?.by === 'iam') security.authorizationType = 'AWS_IAM';
        else if (scheme) {
          security.authorizationType = scheme.type;
          security.authorizerId = scheme.id;
          const wanted = list(scopes).flatMap((one) => text(one) ?? []);
          if (wanted.length > 0) security.authorizationScopes = wanted;
        }
      }
    }
    return security;
  }
}
