import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  type CreateRestApiCommandInput,
  PutIntegrationCommand,
  type PutIntegrationCommandInput,
  PutMethodCommand,
  type PutMethodCommandInput,
} from '@aws-sdk/client-api-gateway';
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { startCloud, type TestCloud } from '../../src/testing';
import { lambdaRole } from '../lambda/support';

type Integration = Omit<PutIntegrationCommandInput, 'restApiId' | 'resourceId' | 'httpMethod'>;
type Method = Partial<Omit<PutMethodCommandInput, 'restApiId' | 'resourceId' | 'httpMethod'>>;

/** An engine with clients, and short ways to an API with methods. */
export class Bed {
  private constructor(
    readonly cloud: TestCloud,
    readonly api: APIGatewayClient,
    readonly lambda: LambdaClient,
    readonly role: string,
  ) {}

  static async start(options: Parameters<typeof startCloud>[0] = {}): Promise<Bed> {
    const cloud = await startCloud(options);
    return new Bed(
      cloud,
      cloud.client(APIGatewayClient),
      cloud.client(LambdaClient),
      await lambdaRole(cloud),
    );
  }

  async newApi(input: Partial<CreateRestApiCommandInput> = {}): Promise<TestApi> {
    const { id, rootResourceId } = await this.api.send(new CreateRestApiCommand({ name: 'test', ...input }));
    return new TestApi(this, id!, rootResourceId!);
  }

  /** A function out of the text of its module, which an API may invoke unless `open` says not. */
  async newFunction(name: string, code: string, open = true): Promise<string> {
    const ZipFile = zipSync({ 'index.js': Buffer.from(code) });
    const made = await this.lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Role: this.role,
        Code: { ZipFile },
      }),
    );
    if (open) await this.permit(name);
    return made.FunctionArn!;
  }

  async permit(name: string, SourceArn?: string): Promise<void> {
    await this.lambda.send(
      new AddPermissionCommand({
        FunctionName: name,
        StatementId: 'api',
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn,
      }),
    );
  }

  stop(): Promise<void> {
    return this.cloud.stop();
  }
}

export function proxyTo(functionArn: string): Integration {
  const path = `2015-03-31/functions/${functionArn}/invocations`;
  return {
    type: 'AWS_PROXY',
    integrationHttpMethod: 'POST',
    uri: `arn:aws:apigateway:us-east-1:lambda:path/${path}`,
  };
}

export class TestApi {
  readonly #resources = new Map<string, string>();

  constructor(
    readonly bed: Bed,
    readonly id: string,
    root: string,
  ) {
    this.#resources.set('/', root);
  }

  async resource(path: string): Promise<string> {
    const known = this.#resources.get(path);
    if (known) return known;
    const cut = path.lastIndexOf('/');
    const parentId = await this.resource(path.slice(0, cut) || '/');
    const { id } = await this.bed.api.send(
      new CreateResourceCommand({ restApiId: this.id, parentId, pathPart: path.slice(cut + 1) }),
    );
    this.#resources.set(path, id!);
    return id!;
  }

  async method(httpMethod: string, path: string, integration: Integration, method: Method = {}) {
    const where = { restApiId: this.id, resourceId: await this.resource(path), httpMethod };
    await this.bed.api.send(new PutMethodCommand({ ...where, authorizationType: 'NONE', ...method }));
    await this.bed.api.send(new PutIntegrationCommand({ ...where, ...integration }));
    return where;
  }

  async deploy(stageName = 'prod'): Promise<void> {
    await this.bed.api.send(new CreateDeploymentCommand({ restApiId: this.id, stageName }));
  }

  url(path: string, stage = 'prod'): string {
    return `${this.bed.cloud.endpoint}/restapis/${this.id}/${stage}/_user_request_${path}`;
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(this.url(path), init);
  }

  /** Without what fetch adds and decodes. */
  raw(path: string, options: { method?: string; headers?: Record<string, string>; body?: Buffer } = {}) {
    return new Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
      const request = httpRequest(this.url(path), options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      request.on('error', reject);
      request.end(options.body);
    });
  }
}
