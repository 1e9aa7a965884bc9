import { EXECUTOR_VARIABLES } from '../functions/executor-settings';

/** Variables of LocalStack's container that this engine takes as they are meant there. */
export const TAKEN = [
  ...EXECUTOR_VARIABLES,
  'DEBUG',
  'EAGER_SERVICE_LOADING',
  'ENFORCE_IAM',
  'EXTERNAL_SERVICE_PORTS_END',
  'EXTERNAL_SERVICE_PORTS_START',
  'GATEWAY_LISTEN',
  'IAM_SOFT_MODE',
  'LAMBDA_KEEPALIVE_MS',
  'LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT',
  'LOCALSTACK_HOST',
  'LS_LOG',
  'PERSISTENCE',
  'SERVICES',
  'STRICT_SERVICE_LOADING',
] as const;

/** Variables that ask for what is so anyway, or for nothing that can be seen: no licence, no download, no statistics. */
const NEEDLESS = new Set([
  'ACTIVATE_PRO',
  'CI',
  'DISABLE_EVENTS',
  'HOSTNAME',
  'LOCALSTACK_API_KEY',
  'LOCALSTACK_AUTH_TOKEN',
  'LOG_LICENSE_ISSUES',
  'SKIP_INFRA_DOWNLOADS',
  'SKIP_SSL_CERT_DOWNLOAD',
]);

/** Names that are LocalStack's alone by how they begin. */
const FAMILY =
  /^(?:LOCALSTACK|LAMBDA|DYNAMODB|KINESIS|SQS|SNS|S3|CFN|DNS|OPENSEARCH|ES|STEPFUNCTIONS|SNAPSHOT|GATEWAY|PROVIDER_OVERRIDE|DISABLE_CORS|DISABLE_CUSTOM|EXTRA_CORS|EXTERNAL_SERVICE|SYNCHRONOUS|BOTO_WAITER|ENFORCE)_/;

/** What the image and its base set themselves, which begins as LocalStack's does. */
const OURS = new Set(['LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR']);

const OTHERS = new Set([
  'ALLOW_NONSTANDARD_REGIONS',
  'BUCKET_MARKER_LOCAL',
  'CONTAINER_RUNTIME',
  'CUSTOM_SSL_CERT_PATH',
  'DATA_DIR',
  'DEBUG_HANDLER_CHAIN',
  'DEFAULT_REGION',
  'DEVELOP',
  'DEVELOP_PORT',
  'DISABLE_BOTO_RETRIES',
  'DISTRIBUTED_MODE',
  'DOCKER_BRIDGE_IP',
  'DOCKER_SDK_DEFAULT_TIMEOUT_SECONDS',
  'EDGE_BIND_HOST',
  'EDGE_PORT',
  'EDGE_PORT_HTTP',
  'ENABLE_CONFIG_UPDATES',
  'HOSTNAME_EXTERNAL',
  'HOSTNAME_FROM_LAMBDA',
  'INIT_SCRIPTS_PATH',
  'IN_MEMORY_CLIENT',
  'LEGACY_INIT_DIR',
  'MAIN_CONTAINER_NAME',
  'MAIN_DOCKER_NETWORK',
  'MOCK_UNIMPLEMENTED',
  'OPENAPI_VALIDATE_REQUEST',
  'OPENAPI_VALIDATE_RESPONSE',
  'OUTBOUND_HTTP_PROXY',
  'OUTBOUND_HTTPS_PROXY',
  'PARITY_AWS_ACCESS_KEY_ID',
  'PORTS_CHECK_DOCKER_IMAGE',
  'REMOVE_SSL_CERT',
  'STATE_SERIALIZATION_BACKEND',
  'TF_COMPAT_MODE',
  'USE_SSL',
  'USE_SINGLE_REGION',
  'WAIT_FOR_DEBUGGER',
]);

/** Variables that keep their LOCALSTACK_ in LocalStack too. */
const KEEP = new Set([
  'LOCALSTACK_HOST',
  'LOCALSTACK_HOSTNAME',
  'LOCALSTACK_AUTH_TOKEN',
  'LOCALSTACK_API_KEY',
]);

/** LocalStack's container reads LOCALSTACK_X as X. https://docs.localstack.cloud/references/configuration/ */
export function withoutPrefix(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const result = { ...environment };
  for (const [name, value] of Object.entries(environment)) {
    if (!/^LOCALSTACK_[A-Z]/.test(name) || KEEP.has(name)) continue;
    delete result[name];
    result[name.slice('LOCALSTACK_'.length)] = value;
  }
  return result;
}

/** The variables that somebody set for LocalStack and that do nothing here. */
export function withoutEffect(environment: NodeJS.ProcessEnv): string[] {
  const taken = new Set<string>(TAKEN);
  return Object.keys(environment)
    .filter((name) => environment[name] !== '' && !taken.has(name) && !NEEDLESS.has(name) && !OURS.has(name))
    .filter((name) => FAMILY.test(name) || OTHERS.has(name))
    .sort();
}
