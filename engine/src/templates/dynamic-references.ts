import { type Call, type Host, notImplemented } from '../kernel';
import { refuse } from './refusal';
import { isObject } from './template';

const REFERENCE = /\{\{resolve:([a-z-]+):([^{}]*)\}\}/g;

function hasDynamicReference(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{resolve:');
  if (Array.isArray(value)) return value.some(hasDynamicReference);
  return isObject(value) && Object.values(value).some(hasDynamicReference);
}

async function parameter(call: Call, spec: string, secure: boolean): Promise<string> {
  const match = /^([\w./-]+)(?::(\d+))?$/.exec(spec);
  if (!match?.[1])
    throw refuse(`Could not parse SSM Name or version or Secure String in dynamic reference [${spec}]`);
  const name = match[2] ? `${match[1]}:${match[2]}` : match[1];
  const { Parameter } = await call.invoke('ssm', 'GetParameter', { Name: name, WithDecryption: secure });
  const kind = Parameter?.Type;
  if (secure !== (kind === 'SecureString')) {
    throw refuse(
      secure
        ? `Non-secure SSM parameter [${match[1]}] cannot be used in an ssm-secure dynamic reference.`
        : `SSM Secure reference is not supported in: [${match[1]}]. Use ssm-secure for a SecureString parameter.`,
    );
  }
  return Parameter?.Value ?? '';
}

/** `secret-id:SecretString:json-key:version-stage:version-id`, where the id may be an ARN with colons of its own. */
async function secret(call: Call, spec: string): Promise<string> {
  const parts = spec.split(':');
  const id = spec.startsWith('arn:') ? parts.splice(0, 7).join(':') : (parts.shift() ?? '');
  const [kind = 'SecretString', key = '', stage = '', version = ''] = parts;
  if (kind !== 'SecretString' && kind !== '') {
    throw refuse(
      `Could not parse Secrets Manager dynamic reference [${spec}]: only SecretString is supported`,
    );
  }
  if (stage && version)
    throw refuse(
      'You cannot specify both version-stage and version-id in a secretsmanager dynamic reference.',
    );
  const { SecretString } = await call.invoke('secretsmanager', 'GetSecretValue', {
    SecretId: id,
    ...(stage ? { VersionStage: stage } : {}),
    ...(version ? { VersionId: version } : {}),
  });
  if (SecretString === undefined) throw refuse(`Secrets Manager secret ${id} holds no SecretString`);
  if (!key) return SecretString;
  let fields: unknown;
  try {
    fields = JSON.parse(SecretString);
  } catch {
    throw refuse(`Could not parse SecretString JSON of secret ${id}`);
  }
  const value = isObject(fields) ? fields[key] : undefined;
  if (value === undefined) throw refuse(`Could not find a value associated with JSONKey in SecretString`);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

async function fetch(call: Call, service: string, spec: string): Promise<string> {
  switch (service) {
    case 'ssm':
      return parameter(call, spec, false);
    case 'ssm-secure':
      return parameter(call, spec, true);
    case 'secretsmanager':
      return secret(call, spec);
    default:
      throw notImplemented(`CloudFormation dynamic reference {{resolve:${service}:…}}`);
  }
}

/** More than a stack has; only failures of what was just looked up speak of them. */
const MOST_REMEMBERED = 500;

/** What was looked up and must not be told, least of all by a resource that fails because of it. */
export const lookedUp = (host: Pick<Host, 'memo'>): Set<string> =>
  host.memo('cloudformation:looked-up', () => new Set<string>());

function remember(call: Call, secret: string): void {
  const known = lookedUp(call);
  known.delete(secret);
  known.add(secret);
  for (const oldest of known) {
    if (known.size <= MOST_REMEMBERED) break;
    known.delete(oldest);
  }
}

async function text(value: string, call: Call): Promise<string> {
  let out = '';
  let from = 0;
  for (const match of value.matchAll(REFERENCE)) {
    const found = await fetch(call, match[1] ?? '', match[2] ?? '');
    if (match[1] !== 'ssm') remember(call, found);
    out += value.slice(from, match.index) + found;
    from = match.index + match[0].length;
  }
  return out + value.slice(from);
}

/**
 * A value with every `{{resolve:…}}` in it looked up, as the stack's principal.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 */
export async function resolveDynamic<T>(value: T, call: Call): Promise<T> {
  if (!hasDynamicReference(value)) return value;
  return (await walk(value, call)) as T;
}

async function walk(value: unknown, call: Call): Promise<unknown> {
  if (typeof value === 'string') return value.includes('{{resolve:') ? text(value, call) : value;
  if (Array.isArray(value)) return Promise.all(value.map((each: unknown) => walk(each, call)));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(async ([key, each]) => [key, await walk(each, call)] as const);
  return Object.fromEntries(await Promise.all(entries));
}
