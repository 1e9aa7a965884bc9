import { DEFAULT_STATUS } from '../../../execute-api/faults';
import { methodOfKey } from '../../../execute-api/openapi-methods';
import type { Call } from '../../../kernel';
import { putParts } from '../documentation/put-parts';
import { putGatewayResponse } from '../gateway-responses';
import { putIntegrationResponse } from '../methods/integration-responses';
import { putIntegration } from '../methods/integrations';
import { putMethodResponse } from '../methods/method-responses';
import { putMethod } from '../methods/methods';
import { createRequestValidator } from '../models/request-validators';
import { tables } from '../store';
import { type Definition, pathPrefix, resolved } from './document';
import { documentationOf } from './documentation';
import { integrationOf, integrationResponsesOf } from './integration';
import type { Issues } from './issues';
import { type Place, requestOf, responsesOf } from './method';
import { Places } from './places';
import { Models } from './schemas';
import { SecuritySchemes } from './security';
import { flag, isTree, type Tree, text, texts, tree } from './tree';

export interface Options {
  basepath?: string | undefined;
  ignoreDocumentation: boolean;
  /** The ids that paths had before. */
  ids: ReadonlyMap<string, string>;
}

/** Makes the API what a definition says. What goes wrong is in its issues. */
export class Application {
  readonly #models: Models;
  readonly #security: SecuritySchemes;
  readonly #validators = new Map<string, string>();

  constructor(
    readonly call: Call,
    readonly apiId: string,
    readonly definition: Definition,
    readonly issues: Issues,
    readonly options: Options,
  ) {
    this.#models = new Models(call, apiId, definition, issues);
    this.#security = new SecuritySchemes(call, apiId, definition, issues);
  }

  async run(): Promise<void> {
    await this.#models.putAll();
    await this.#security.putAll();
    await this.#putValidators();
    await this.#putGatewayResponses();
    await this.#putPaths();
    if (!this.options.ignoreDocumentation) {
      putParts(this.call, this.apiId, documentationOf(this.definition, this.#prefix()), this.issues);
    }
  }

  #prefix(): string[] {
    return pathPrefix(this.definition, this.options.basepath);
  }

  #extension(name: string): unknown {
    return this.definition.root[`x-amazon-apigateway-${name}`];
  }

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-request-validators.html */
  async #putValidators(): Promise<void> {
    const { validators } = tables(this.call);
    for (const one of validators.values({ prefix: [this.apiId] }))
      this.#validators.set(one.name ?? '', one.id);
    for (const [name, given] of Object.entries(tree(this.#extension('request-validators')))) {
      const validateRequestBody = flag(tree(given).validateRequestBody);
      const validateRequestParameters = flag(tree(given).validateRequestParameters);
      const id = this.#validators.get(name);
      if (id !== undefined) {
        validators.put([this.apiId, id], { id, name, validateRequestBody, validateRequestParameters });
        continue;
      }
      await this.issues.attempt(`Unable to create request validator '${name}'`, async () => {
        const made = await createRequestValidator(
          { restApiId: this.apiId, name, validateRequestBody, validateRequestParameters },
          this.call,
        );
        this.#validators.set(name, made.id ?? '');
      });
    }
  }

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.html */
  async #putGatewayResponses(): Promise<void> {
    for (const [name, one] of Object.entries(tree(this.#extension('gateway-responses')))) {
      const given = tree(one);
      const responseType = isGatewayResponse(name) ? name : undefined;
      if (responseType === undefined) {
        this.issues.errors.push(
          `Unable to put gateway response '${name}': Invalid gateway response type specified`,
        );
        continue;
      }
      await this.issues.attempt(`Unable to put gateway response '${name}'`, () =>
        putGatewayResponse(
          {
            restApiId: this.apiId,
            responseType,
            statusCode: text(given.statusCode),
            responseParameters: texts(given.responseParameters),
            responseTemplates: texts(given.responseTemplates),
          },
          this.call,
        ),
      );
    }
  }

  async #putPaths(): Promise<void> {
    const places = new Places(this.call, this.apiId, this.options.ids);
    const prefix = this.#prefix();
    for (const [key, one] of Object.entries(tree(this.definition.root.paths))) {
      if (key.startsWith('x-')) continue;
      if (!key.startsWith('/')) {
        this.issues.warn(`Parse issue: attribute paths. Resource ${key} should start with /`);
        continue;
      }
      const parts = [...prefix, ...key.split('/').filter(Boolean)];
      const path = `/${parts.join('/')}`;
      let resourceId = '';
      const made = await this.issues.attempt(`Unable to create resource at path '${path}'`, () => {
        resourceId = places.at(parts);
      });
      if (made) await this.#putMethods(resourceId, path, resolved(this.definition, one));
    }
  }

  async #putMethods(resourceId: string, path: string, pathItem: Tree): Promise<void> {
    for (const [key, operation] of Object.entries(pathItem)) {
      const method = methodOfKey(key);
      if (method === undefined || !isTree(operation)) continue;
      await this.#putMethod(resourceId, { path, method }, pathItem, operation);
    }
  }

  async #putMethod(resourceId: string, place: Place, pathItem: Tree, operation: Tree): Promise<void> {
    const { apiId: restApiId, call, definition, issues } = this;
    const where = { restApiId, resourceId, httpMethod: place.method };
    const target = `for resource at path '${place.path}'`;
    this.#forget(resourceId, place.method);
    const put = await issues.attempt(
      `Unable to put method '${place.method}' on resource at path '${place.path}'`,
      () =>
        putMethod(
          {
            ...where,
            ...this.#security.of(operation),
            ...requestOf(definition, pathItem, operation, this.#models),
            operationName: text(operation.operationId),
            requestValidatorId: this.#validatorOf(operation),
          },
          call,
        ),
    );
    if (!put) return;
    for (const response of responsesOf(definition, operation, place, this.#models, issues)) {
      await issues.attempt(`Unable to put method response on '${place.method}' ${target}`, () =>
        putMethodResponse({ ...where, ...response }, call),
      );
    }
    const integration = operation['x-amazon-apigateway-integration'];
    if (integration !== undefined)
      await this.#putIntegration(where, place, resolved(definition, integration));
  }

  async #putIntegration(
    where: { restApiId: string; resourceId: string; httpMethod: string },
    place: Place,
    given: Tree,
  ): Promise<void> {
    const { call, issues } = this;
    const target = `on '${place.method}' for resource at path '${place.path}'`;
    const put = await issues.attempt(`Unable to put integration ${target}`, () =>
      putIntegration({ ...where, ...integrationOf(given, place, issues) }, call),
    );
    if (!put) return;
    for (const response of integrationResponsesOf(given, place, issues)) {
      await issues.attempt(`Unable to put integration response ${target}`, () =>
        putIntegrationResponse({ ...where, ...response }, call),
      );
    }
  }

  /** The method that is there gives way to the document's. */
  #forget(resourceId: string, method: string): void {
    const { resources } = tables(this.call);
    const resource = resources.get([this.apiId, resourceId]);
    if (!resource?.methods[method]) return;
    delete resource.methods[method];
    resources.put([this.apiId, resourceId], resource);
  }

  #validatorOf(operation: Tree): string | undefined {
    const name = text(
      operation['x-amazon-apigateway-request-validator'] ?? this.#extension('request-validator'),
    );
    if (name === undefined) return undefined;
    // A name that stands for nothing is refused as an id that is none.
    return this.#validators.get(name) ?? name;
  }
}

type GatewayResponseName = keyof typeof DEFAULT_STATUS;

const isGatewayResponse = (name: string): name is GatewayResponseName => Object.hasOwn(DEFAULT_STATUS, name);
