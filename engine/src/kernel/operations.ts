import type { Readable } from 'node:stream';
import type { Call } from './call';

/**
 * The services the engine loads, by their signing name (where two share one, by their own), with the SDK package whose
 * types they speak.
 * Type level only: no SDK client is loaded at run time.
 */
interface Sdk {
  sts: typeof import('@aws-sdk/client-sts');
  iam: typeof import('@aws-sdk/client-iam');
  ssm: typeof import('@aws-sdk/client-ssm');
  ecr: typeof import('@aws-sdk/client-ecr');
  cloudformation: typeof import('@aws-sdk/client-cloudformation');
  s3: typeof import('@aws-sdk/client-s3');
  dynamodb: typeof import('@aws-sdk/client-dynamodb');
  lambda: typeof import('@aws-sdk/client-lambda');
  apigateway: typeof import('@aws-sdk/client-api-gateway');
  apigatewayv2: typeof import('@aws-sdk/client-apigatewayv2');
  logs: typeof import('@aws-sdk/client-cloudwatch-logs');
  cloudwatch: typeof import('@aws-sdk/client-cloudwatch');
  secretsmanager: typeof import('@aws-sdk/client-secrets-manager');
  kms: typeof import('@aws-sdk/client-kms');
  ec2: typeof import('@aws-sdk/client-ec2');
  rds: typeof import('@aws-sdk/client-rds');
  elasticache: typeof import('@aws-sdk/client-elasticache');
  cloudfront: typeof import('@aws-sdk/client-cloudfront');
  wafv2: typeof import('@aws-sdk/client-wafv2');
  xray: typeof import('@aws-sdk/client-xray');
}

export type ServiceName = keyof Sdk;

type CommandOf<S extends ServiceName, O extends string> = `${O}Command` extends keyof Sdk[S]
  ? Sdk[S][`${O}Command`]
  : never;

/** Every operation of a service, by its AWS name. */
export type OperationName<S extends ServiceName> = {
  [K in keyof Sdk[S]]: K extends `${infer O}Command` ? (O extends '' | '$' ? never : O) : never;
}[keyof Sdk[S]] &
  string;

/** The operation's input as the SDK types it. */
export type Input<S extends ServiceName, O extends string> =
  // Commands whose input is optional take a rest parameter: the instance tells its input either way.
  CommandOf<S, O> extends new (
    // biome-ignore lint/suspicious/noExplicitAny: only the instance type is inferred
    ...args: any[]
  ) => { readonly input: infer I }
    ? I
    : never;

type CommandOutput<C> = C extends new (
  // biome-ignore lint/suspicious/noExplicitAny: only the instance type is inferred
  ...args: any[]
) => { resolveMiddleware(...args: never[]): (...args: never[]) => Promise<{ output: infer O }> }
  ? O
  : never;

type Streamed<T> = T extends { transformToByteArray(): Promise<Uint8Array> } ? Readable | Uint8Array : T;

/** The operation's output as the SDK types it, less the client's metadata; a streamed body is a Readable or bytes. */
export type Output<S extends ServiceName, O extends string> = {
  [K in keyof CommandOutput<CommandOf<S, O>> as K extends '$metadata' ? never : K]: Streamed<
    CommandOutput<CommandOf<S, O>>[K]
  >;
};

/** An operation: a plain function from its input, and the call it came with, to its output. */
export type Operation<S extends ServiceName, O extends OperationName<S>> = (
  input: Input<S, O>,
  call: Call,
) => Output<S, O> | Promise<Output<S, O>>;

/** What a service implements. What is missing answers 501 with its name. */
export type Operations<S extends ServiceName> = { [O in OperationName<S>]?: Operation<S, O> };
