import type { ExternalPorts } from '../cloud';
import type { EnvironmentLimits } from '../functions';
import { ExecutorSettingError, executorSettings } from '../functions/executor-settings';
import type { IamMode } from '../gateway/authorize';
import type { ListenAddress } from '../gateway/listener';
import type { ServiceName } from '../kernel';
import { isServiceName } from '../services/registry';
import { TAKEN, withoutEffect, withoutPrefix } from './variables';

/** A variable whose value cannot be meant; the message names it. */
export class SettingError extends Error {}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What LocalStack's variables say. https://docs.localstack.cloud/references/configuration/ */
export interface Settings {
  listen: readonly [ListenAddress, ...ListenAddress[]];
  external: ExternalPorts;
  publicHost?: { host: string; port?: number };
  persistence: boolean;
  debug: boolean;
  logLevel: LogLevel;
  /** Services that answer; all of them where it is left out. */
  services?: ReadonlySet<ServiceName>;
  /** Services are loaded at the start, not when they are first used. */
  eager: boolean;
  environmentLimits: EnvironmentLimits;
  /** Whether callers are held against their policies: AWS does so, LocalStack where ENFORCE_IAM is 1. */
  iam: IamMode;
  /** What was taken, by name. */
  configuration: Record<string, string>;
  /** What somebody should know before anything else, a line each. */
  warnings: string[];
  /** The environment for scripts: LOCALSTACK_X is X. */
  environment: NodeJS.ProcessEnv;
}

const DEFAULT_PORT = 4566;

export function readSettings(given: NodeJS.ProcessEnv): Settings {
  const environment = withoutPrefix(given);
  const text = (name: (typeof TAKEN)[number]) => environment[name]?.trim() ?? '';
  const isTrue = (name: (typeof TAKEN)[number]) => /^(?:1|true)$/i.test(text(name));
  const isFalse = (name: (typeof TAKEN)[number]) => /^(?:0|false)$/i.test(text(name));
  const listen = listenAddresses(text('GATEWAY_LISTEN') || `127.0.0.1:${DEFAULT_PORT}`);
  const publicHost = text('LOCALSTACK_HOST')
    ? parseAddress('LOCALSTACK_HOST', text('LOCALSTACK_HOST'))
    : undefined;
  const { services, unknown } = serviceList(isFalse('STRICT_SERVICE_LOADING') ? '' : text('SERVICES'));
  const keepAlive = number('LAMBDA_KEEPALIVE_MS', text('LAMBDA_KEEPALIVE_MS'));
  const start = number('LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT', text('LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT'));
  const ignored = withoutEffect(environment);
  const warnings: string[] = [];
  if (unknown.length > 0)
    warnings.push(
      `SERVICES names what tierkit does not have: ${unknown.join(', ')}. Calls to them are refused.`,
    );
  if (ignored.length > 0)
    warnings.push(`These variables of LocalStack have no effect on tierkit: ${ignored.join(', ')}.`);
  return {
    listen,
    external: externalPorts(
      listen[0].host,
      number('EXTERNAL_SERVICE_PORTS_START', text('EXTERNAL_SERVICE_PORTS_START')) ?? 4510,
      number('EXTERNAL_SERVICE_PORTS_END', text('EXTERNAL_SERVICE_PORTS_END')) ?? 4560,
    ),
    ...(publicHost ? { publicHost } : {}),
    persistence: isTrue('PERSISTENCE'),
    debug: isTrue('DEBUG'),
    logLevel: logLevel(text('LS_LOG'), isTrue('DEBUG')),
    ...(services ? { services } : {}),
    eager: isTrue('EAGER_SERVICE_LOADING'),
    environmentLimits: {
      ...executor(environment),
      ...(keepAlive === undefined ? {} : { idleLife: keepAlive }),
      ...(start === undefined ? {} : { initLimit: start * 1000 }),
    },
    iam: isTrue('IAM_SOFT_MODE') ? 'audit' : isFalse('ENFORCE_IAM') ? 'off' : 'enforce',
    configuration: Object.fromEntries(
      TAKEN.filter((name) => environment[name] !== undefined).map((name) => [name, text(name)]),
    ),
    warnings,
    environment,
  };
}

function executor(environment: NodeJS.ProcessEnv): EnvironmentLimits {
  try {
    return executorSettings(environment);
  } catch (error) {
    throw error instanceof ExecutorSettingError ? new SettingError(error.message) : error;
  }
}

function number(name: string, text: string): number | undefined {
  if (text === '') return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new SettingError(`${name}=${text}: not a whole number.`);
  return Number(text);
}

function logLevel(text: string, debug: boolean): LogLevel {
  switch (text.toLowerCase()) {
    case '':
      return debug ? 'debug' : 'info';
    case 'trace':
    case 'trace-internal':
    case 'debug':
      return 'debug';
    case 'info':
      return 'info';
    case 'warn':
    case 'warning':
      return 'warn';
    case 'error':
      return 'error';
    default:
      throw new SettingError(`LS_LOG=${text}: not one of trace, debug, info, warn, error.`);
  }
}

/** `name`, `name:port` or `[::1]:port`. */
function parseAddress(name: string, text: string): { host: string; port?: number } {
  const [, bracketed, plain, port] = /^(?:\[([\da-f:.]+)\]|([^\s:/[\]]*))(?::(\d+))?$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || (host === '' && port === undefined) || Number(port ?? 0) > 65535)
    throw new SettingError(`${name}=${text}: not an address such as 0.0.0.0:4566.`);
  return { host, ...(port === undefined ? {} : { port: Number(port) }) };
}

const ALL = /^(?:0\.0\.0\.0|::)$/;

/** `0.0.0.0:4566,0.0.0.0:443`. Functions call 127.0.0.1 at the first one's port, so that is listened on too. */
function listenAddresses(text: string): [ListenAddress, ...ListenAddress[]] {
  const [first, ...others] = text
    .split(',')
    .map((part) => parseAddress('GATEWAY_LISTEN', part.trim()))
    .map(({ host, port }) => ({ host: host || '0.0.0.0', port: port ?? DEFAULT_PORT }));
  if (!first) throw new SettingError(`GATEWAY_LISTEN=${text}: no address.`);
  const reached = [first, ...others].some(
    ({ host, port }) => port === first.port && (ALL.test(host) || host === '127.0.0.1'),
  );
  return reached ? [first, ...others] : [first, { host: '127.0.0.1', port: first.port }, ...others];
}

/** The last fifth of the ports is for sites, of the rest one half for each kind of server: 4510-4529, 4530-4549, 4550-4559. */
function externalPorts(host: string, start: number, end: number): ExternalPorts {
  const all = Array.from({ length: Math.max(0, end - start) }, (_, offset) => start + offset);
  if (all.length < 5 || end > 65536)
    throw new SettingError(
      `EXTERNAL_SERVICE_PORTS_START=${start}, EXTERNAL_SERVICE_PORTS_END=${end}: fewer than 5 ports.`,
    );
  const sites = Math.floor(all.length / 5);
  const half = Math.ceil((all.length - sites) / 2);
  return {
    host,
    postgres: all.slice(0, half),
    valkey: all.slice(half, all.length - sites),
    sites: all.slice(all.length - sites),
  };
}

/** Names that stand for several services in LocalStack. */
const COMPOSITES: Record<string, readonly string[]> = {
  serverless: ['iam', 'lambda', 'dynamodb', 'apigateway', 's3', 'sns'],
};

/** `s3,lambda` (ports behind a colon are of old releases and mean nothing). */
function serviceList(text: string): { services?: ReadonlySet<ServiceName>; unknown: string[] } {
  const names = text
    .split(',')
    .map((name) => name.trim().toLowerCase().replace(/:\d+$/, ''))
    .filter(Boolean)
    .flatMap((name) => COMPOSITES[name] ?? [name]);
  if (names.length === 0) return { unknown: [] };
  return {
    services: new Set(names.filter(isServiceName)),
    unknown: names.filter((name) => !isServiceName(name)),
  };
}
