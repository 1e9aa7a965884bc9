import { delimiter, dirname, join } from 'node:path';
import type { Addresses } from '../gateway/addresses';
import type { Credentials } from '../identity';
import { packageRoot } from '../package-root';
import type { UnpackedCode } from './code-store';
import type { FunctionSpec } from './functions';

export const runtimeDirectory = join(packageRoot, 'runtime');

/** Compiled code, kept from environment to environment and from run to run. */
export const codeCacheDirectory = (addresses: Addresses) => join(addresses.stateDirectory, 'compile-cache');

/** What a waiting process is told about the function it becomes. */
export interface EnvironmentSettings {
  runtime: string;
  taskRoot: string;
  optRoot: string;
  sdkRoot: string;
  namesFile: string;
  /** Of the VPC that it is in. */
  vpcNamesFile: string | undefined;
  enginePort: number;
  codeCache: string;
  environment: Record<string, string>;
}

export interface SettingsInput {
  spec: FunctionSpec;
  code: UnpackedCode;
  sdkRoot: string;
  namesFile: string;
  vpcNamesFile: string | undefined;
  addresses: Addresses;
  credentials: Credentials;
  logStream: string;
  /** Where the X-Ray daemon of this function listens. */
  xrayDaemon: string;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
export function settingsFor(input: SettingsInput): EnvironmentSettings {
  const { spec, code, addresses, credentials } = input;
  const environment: Record<string, string> = {
    ...baseEnvironment(code.optRoot),
    NODE_EXTRA_CA_CERTS: addresses.caFile,
    // Plain HTTP on loopback: TLS would cost a handshake a cold start. Names of AWS lead here as well.
    AWS_ENDPOINT_URL: addresses.endpoint,
    ...withLocalAuthority(spec.environment, addresses.caFile),
    _HANDLER: spec.handler,
    ...lambdaVariables(spec, credentials, input.logStream),
    AWS_XRAY_DAEMON_ADDRESS: input.xrayDaemon,
    AWS_LAMBDA_RUNTIME_API: NOBODY,
    LAMBDA_TASK_ROOT: code.taskRoot,
    LAMBDA_RUNTIME_DIR: runtimeDirectory,
  };
  return {
    runtime: spec.runtime,
    taskRoot: code.taskRoot,
    optRoot: code.optRoot,
    sdkRoot: input.sdkRoot,
    namesFile: input.namesFile,
    vpcNamesFile: input.vpcNamesFile,
    enginePort: addresses.port,
    codeCache: codeCacheDirectory(addresses),
    environment,
  };
}

/**
 * The discard port, where nobody listens: what talks to the Extensions API, or in a container to X-Ray's daemon, must
 * find neither another function's nor a program of this machine.
 */
const NOBODY = '127.0.0.1:9';

/** What Lambda tells a function of itself, however it is run. */
export function lambdaVariables(
  spec: FunctionSpec,
  credentials: Credentials,
  logStream: string,
): Record<string, string> {
  return {
    AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: spec.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memorySize),
    AWS_LAMBDA_LOG_GROUP_NAME: spec.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_REGION: spec.region,
    AWS_DEFAULT_REGION: spec.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    // An image's own runtime sets it.
    ...(spec.runtime ? { AWS_EXECUTION_ENV: `AWS_Lambda_${spec.runtime}` } : {}),
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: NOBODY,
    ...(spec.logFormat === 'JSON'
      ? { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: spec.applicationLogLevel ?? 'INFO' }
      : {}),
  };
}

/**
 * Where Lambda keeps the certificate authorities of AWS: functions that talk to RDS name it in NODE_EXTRA_CA_CERTS.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
const RUNTIME_AUTHORITIES = '/var/runtime/ca-cert.pem';

/** Here the local authority signs for AWS, and every process trusts it from its start. */
function withLocalAuthority(
  environment: Readonly<Record<string, string>>,
  caFile: string,
): Record<string, string> {
  if (environment.NODE_EXTRA_CA_CERTS !== RUNTIME_AUTHORITIES) return { ...environment };
  return { ...environment, NODE_EXTRA_CA_CERTS: caFile };
}

/** Nothing of the engine's own environment goes into a function's. */
export function baseEnvironment(optRoot?: string): Record<string, string> {
  const path = ['/usr/local/bin', '/usr/bin', '/bin', dirname(process.execPath)];
  if (optRoot) path.push(join(optRoot, 'bin'));
  return { LANG: 'en_US.UTF-8', TZ: ':UTC', PATH: path.join(delimiter) };
}

/** Variables that Node reads when it starts: a process that waits already cannot take them on any more. */
const AT_START = [
  'NODE_OPTIONS',
  'NODE_EXTRA_CA_CERTS',
  'NODE_ICU_DATA',
  'NODE_TLS_REJECT_UNAUTHORIZED',
  'TZ',
];

export function startVariables(spec: FunctionSpec): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of AT_START) {
    const value = spec.environment[name];
    if (value !== undefined && value !== RUNTIME_AUTHORITIES) found[name] = value;
  }
  return found;
}

/** How Lambda's Node runtimes divide an environment's memory. */
export function memoryFlags(memorySize: number): string[] {
  const flags = [`--max-old-space-size=${Math.floor(memorySize * 0.9)}`];
  // Node's own 16 MB is the most that helps here; Lambda's 5 % would let large functions grow for nothing.
  const semiSpace = Math.floor(memorySize * 0.05);
  if (semiSpace < 16) flags.push(`--max-semi-space-size=${Math.max(1, semiSpace)}`);
  return flags;
}
