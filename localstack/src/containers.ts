/** The names under which functions find the databases: aliases in the containers' network. */
export const POSTGRES_ALIAS = 'postgres';
export const REDIS_ALIAS = 'redis';

export const IMAGES = {
  localstack: 'localstack/localstack:4.14.0',
  postgres: 'postgres:16-alpine',
  redis: 'redis:7-alpine',
} as const;

/** Where the certificate and the key of Postgres are mounted (a folder as `makeCertificates` fills it). */
export const POSTGRES_TLS = '/run/tierkit/tls';

/** Serves TLS with them. Postgres takes a key only from its own user, whoever owns it outside. */
export const POSTGRES_COMMAND = [
  'sh',
  '-c',
  [
    `install -o postgres -g postgres -m 600 ${POSTGRES_TLS}/server.key ${POSTGRES_TLS}/server.pem /var/lib/postgresql/`,
    'exec docker-entrypoint.sh postgres -c ssl=on -c ssl_cert_file=/var/lib/postgresql/server.pem -c ssl_key_file=/var/lib/postgresql/server.key',
  ].join(' && '),
];

/** Not protected, as the image has it by itself: only the network of the containers and loopback lead there. */
export const REDIS_COMMAND = ['redis-server', '--protected-mode', 'no', '--save', ''];

/** Where Lambda keeps the certificates of the authorities that sign for RDS. */
export const RDS_AUTHORITIES = '/var/runtime/ca-cert.pem';

/** What LocalStack is to hand to Docker with each function's container, so that it trusts `caFile` of this machine. */
export function lambdaDockerFlags(caFile: string): string {
  return `-v ${caFile}:${RDS_AUTHORITIES}:ro`;
}

/** LocalStack's settings, beside its port, its Docker socket and `localstack/init` at /etc/localstack/init. */
export function localstackEnvironment(options: { network: string; caFile: string }): Record<string, string> {
  return {
    LAMBDA_DOCKER_NETWORK: options.network,
    LAMBDA_DOCKER_FLAGS: lambdaDockerFlags(options.caFile),
    LAMBDA_IGNORE_ARCHITECTURE: '1',
    DISABLE_EVENTS: '1',
  };
}
