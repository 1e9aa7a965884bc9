import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  type CreateApiCommandInput,
  CreateIntegrationCommand,
  type CreateIntegrationCommandInput,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateStageCommand,
  type CreateStageCommandInput,
} from '@aws-sdk/client-apigatewayv2';
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import type { CloudOptions } from '../../src/cloud';
import { startCloud, type TestCloud } from '../../src/testing';
import { lambdaRole } from '../lambda/support';

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  text: string;
}

interface Asked {
  method?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
}

/** An engine with clients, and short ways to an HTTP API with routes. */
export class Bed {
  private constructor(
    readonly cloud: TestCloud,
    readonly v2: ApiGatewayV2Client,
    readonly lambda: LambdaClient,
    readonly role: string,
  ) {}

  static async start(options: CloudOptions = {}): Promise<Bed> {
    const cloud = await startCloud(options);
    const role = await lambdaRole(cloud);
    return new Bed(cloud, cloud.client(ApiGatewayV2Client), cloud.client(LambdaClient), role);
  }

  async newApi(input: Partial<CreateApiCommandInput> = {}): Promise<TestApi> {
    const made = await this.v2.send(new CreateApiCommand({ Name: 'test', ProtocolType: 'HTTP', ...input }));
    return new TestApi(this, made.ApiId ?? '');
  }

  /** A function out of the text of its module, which API Gateway may invoke unless `open` says not. */
  async newFunction(name: string, code: string, open = true): Promise<string> {
    const made = await this.lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Role: this.role,
        Code: { ZipFile: zipSync({ 'index.js': Buffer.from(code) }) },
      }),
    );
    if (open) await this.permit(name);
    return made.FunctionArn ?? '';
  }

  async permit(name: string, SourceArn?: string, StatementId = 'api'): Promise<void> {
    await this.lambda.send(
      new AddPermissionCommand({
        FunctionName: name,
        StatementId,
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn,
      }),
    );
  }

  /** A function that answers with its event. */
  echo(name: string): Promise<string> {
    return this.newFunction(
      name,
      'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });',
    );
  }

  stop(): Promise<void> {
    return this.cloud.stop();
  }
}

type Integration = Omit<CreateIntegrationCommandInput, 'ApiId'>;
type Route = Partial<Omit<CreateRouteCommandInput, 'ApiId' | 'RouteKey' | 'Target'>>;

export const proxyTo = (functionArn: string, PayloadFormatVersion = '2.0'): Integration => ({
  IntegrationType: 'AWS_PROXY',
  IntegrationUri: functionArn,
  PayloadFormatVersion,
});

export const httpTo = (IntegrationUri: string, more: Partial<Integration> = {}): Integration => ({
  IntegrationType: 'HTTP_PROXY',
  IntegrationMethod: 'ANY',
  IntegrationUri,
  PayloadFormatVersion: '1.0',
  ...more,
});

export class TestApi {
  constructor(
    readonly bed: Bed,
    readonly id: string,
  ) {}

  async route(RouteKey: string, integration: Integration | string, route: Route = {}) {
    const IntegrationId =
      typeof integration === 'string' ? integration : (await this.integration(integration)).IntegrationId;
    const made = await this.bed.v2.send(
      new CreateRouteCommand({
        ApiId: this.id,
        RouteKey,
        Target: `integrations/${IntegrationId}`,
        ...route,
      }),
    );
    return { RouteId: made.RouteId ?? '', IntegrationId: IntegrationId ?? '' };
  }

  integration(integration: Integration) {
    return this.bed.v2.send(new CreateIntegrationCommand({ ApiId: this.id, ...integration }));
  }

  stage(StageName = '$default', more: Partial<CreateStageCommandInput> = {}) {
    return this.bed.v2.send(new CreateStageCommand({ ApiId: this.id, StageName, AutoDeploy: true, ...more }));
  }

  /** As a client on AWS: by the API's own name, which is the request's Host. */
  ask(path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> {
    const Host = `${this.id}.execute-api.us-east-1.amazonaws.com`;
    const options = { host: '127.0.0.1', port: this.bed.cloud.port, method, path };
    return new Promise((resolve, reject) => {
      const request = httpRequest({ ...options, headers: { Host, ...headers } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const whole = Buffer.concat(chunks);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: whole,
            text: whole.toString(),
          });
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  async event(path: string, asked?: Asked): Promise<Record<string, unknown>> {
    const answer = await this.ask(path, asked);
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    return JSON.parse(answer.text);
  }
}
