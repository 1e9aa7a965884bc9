import { Readable } from 'node:stream';
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import type { ProtocolName, WireRequest, WireResponse } from '../../src/protocols';

/** Real SDK clients whose requests never reach a socket. */

interface HttpRequest {
  method: string;
  path: string;
  query: Record<string, string | string[] | null>;
  headers: Record<string, string>;
  body?: unknown;
}

interface Client {
  send(command: unknown): Promise<Record<string, unknown>>;
}

const PACKAGES: Record<string, [sdk: string, client: string]> = {
  sts: ['sts', 'STS'],
  iam: ['iam', 'IAM'],
  ssm: ['ssm', 'SSM'],
  ecr: ['ecr', 'ECR'],
  cloudformation: ['cloudformation', 'CloudFormation'],
  s3: ['s3', 'S3'],
  dynamodb: ['dynamodb', 'DynamoDB'],
  lambda: ['lambda', 'Lambda'],
  apigateway: ['api-gateway', 'APIGateway'],
  apigatewayv2: ['apigatewayv2', 'ApiGatewayV2'],
  logs: ['cloudwatch-logs', 'CloudWatchLogs'],
  secretsmanager: ['secrets-manager', 'SecretsManager'],
  kms: ['kms', 'KMS'],
  ec2: ['ec2', 'EC2'],
  rds: ['rds', 'RDS'],
  elasticache: ['elasticache', 'ElastiCache'],
  cloudfront: ['cloudfront', 'CloudFront'],
  wafv2: ['wafv2', 'WAFV2'],
  xray: ['xray', 'XRay'],
  sqs: ['sqs', 'SQS'],
  cloudwatch: ['cloudwatch', 'CloudWatch'],
};

const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return new Uint8Array(Buffer.from(body, 'utf8'));
  if (body instanceof Uint8Array) return new Uint8Array(body);
  const parts: Buffer[] = [];
  for await (const part of body as AsyncIterable<Uint8Array>) parts.push(Buffer.from(part));
  return new Uint8Array(Buffer.concat(parts));
}

async function wireOf(request: HttpRequest): Promise<WireRequest> {
  const query = Object.entries(request.query ?? {}).flatMap(([name, value]) => {
    if (Array.isArray(value)) return value.map((item) => `${percentEncode(name)}=${percentEncode(item)}`);
    return [value === null ? percentEncode(name) : `${percentEncode(name)}=${percentEncode(value)}`];
  });
  return {
    method: request.method,
    path: request.path,
    query: query.join('&'),
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
    ),
    body: await bytesOf(request.body),
  };
}

function readable(body: WireResponse['body']): Readable {
  if (body instanceof Readable) return body;
  return Readable.from(body === undefined ? [] : [Buffer.from(body)], { objectMode: false });
}

/** Protocols that a client can be told to speak. */
const PROTOCOLS: Partial<Record<ProtocolName, unknown>> = {
  awsQuery: AwsQueryProtocol,
  rpcv2Cbor: AwsSmithyRpcV2CborProtocol,
};

/** One client per service; `answer` sees each request and says what the client gets for it. */
export class LoopClient {
  answer: (request: WireRequest) => WireResponse = () => ({ status: 200, headers: {} });
  readonly sdk: Record<string, unknown>;
  readonly #client: Client;

  constructor(
    service: string,
    readonly protocol?: ProtocolName,
  ) {
    const [sdk, name] = PACKAGES[service] as [string, string];
    this.sdk = require(`@aws-sdk/client-${sdk}`) as Record<string, unknown>;
    const make = this.sdk[`${name}Client`] as new (options: object) => Client;
    this.#client = new make({
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:4566',
      forcePathStyle: true,
      // Checksums have tests of their own.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      md5: false,
      disableHostPrefix: true,
      maxAttempts: 1,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestHandler: {
        handle: async (request: HttpRequest) => {
          const { status, headers, body } = this.answer(await wireOf(request));
          return { response: { statusCode: status, headers: { ...headers }, body: readable(body) } };
        },
      },
      ...(protocol ? { protocol: PROTOCOLS[protocol] } : {}),
    });
  }

  call(operation: string, input: unknown): Promise<Record<string, unknown>> {
    const command = this.sdk[`${operation}Command`] as new (input: unknown) => unknown;
    return this.#client.send(new command(input));
  }
}
