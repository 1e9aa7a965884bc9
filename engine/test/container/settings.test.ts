import { readSettings, SettingError } from '../../src/container';

const read = (variables: Record<string, string> = {}) => readSettings(variables);

describe('where it listens', () => {
  test('on loopback, unless it is told otherwise', () => {
    expect(read().listen).toEqual([{ host: '127.0.0.1', port: 4566 }]);
  });

  test.each([
    ['0.0.0.0:4566', [{ host: '0.0.0.0', port: 4566 }]],
    ['0.0.0.0', [{ host: '0.0.0.0', port: 4566 }]],
    [':4577', [{ host: '0.0.0.0', port: 4577 }]],
    ['[::]:4566', [{ host: '::', port: 4566 }]],
    ['127.0.0.1:0', [{ host: '127.0.0.1', port: 0 }]],
    [
      '0.0.0.0:4566,0.0.0.0:443',
      [
        { host: '0.0.0.0', port: 4566 },
        { host: '0.0.0.0', port: 443 },
      ],
    ],
    [
      '172.17.0.2:4566',
      [
        { host: '172.17.0.2', port: 4566 },
        { host: '127.0.0.1', port: 4566 },
      ],
    ],
  ])('GATEWAY_LISTEN=%s', (text, addresses) => {
    expect(read({ GATEWAY_LISTEN: text }).listen).toEqual(addresses);
  });

  test('the external ports are shared out: Postgres, Valkey, sites', () => {
    const { external } = read({ GATEWAY_LISTEN: '0.0.0.0:4566' });
    expect(external.host).toBe('0.0.0.0');
    expect([external.postgres[0], external.postgres.at(-1)]).toEqual([4510, 4529]);
    expect([external.valkey[0], external.valkey.at(-1)]).toEqual([4530, 4549]);
    expect([external.sites[0], external.sites.at(-1)]).toEqual([4550, 4559]);
  });

  test('another range', () => {
    const { external } = read({ EXTERNAL_SERVICE_PORTS_START: '5000', EXTERNAL_SERVICE_PORTS_END: '5005' });
    expect(external).toEqual({
      host: '127.0.0.1',
      postgres: [5000, 5001],
      valkey: [5002, 5003],
      sites: [5004],
    });
  });
});

test('LOCALSTACK_X is X, but for the host', () => {
  const settings = read({ LOCALSTACK_PERSISTENCE: '1', LOCALSTACK_HOST: 'build.example:4600' });
  expect(settings.persistence).toBe(true);
  expect(settings.publicHost).toEqual({ host: 'build.example', port: 4600 });
});

test.each([
  [{}, 'info'],
  [{ DEBUG: '1' }, 'debug'],
  [{ DEBUG: '1', LS_LOG: 'warning' }, 'warn'],
  [{ LS_LOG: 'trace' }, 'debug'],
  [{ LS_LOG: 'error' }, 'error'],
])('%j logs at %s', (variables, level) => {
  expect(read(variables as Record<string, string>).logLevel).toBe(level);
});

test('the life of an execution environment', () => {
  expect(read({ LAMBDA_KEEPALIVE_MS: '0' }).environmentLimits).toEqual({ idleLife: 0 });
  expect(read({ LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT: '30' }).environmentLimits).toEqual({ initLimit: 30_000 });
});

describe('SERVICES', () => {
  test('names those that answer', () => {
    expect(read({ SERVICES: 's3, lambda:4574' }).services).toEqual(new Set(['s3', 'lambda']));
    expect(read().services).toBeUndefined();
    expect(read({ SERVICES: 's3', STRICT_SERVICE_LOADING: '0' }).services).toBeUndefined();
  });

  test('what tierkit does not have is told', () => {
    const { services, warnings } = read({ SERVICES: 's3,kinesis,serverless' });
    expect(services).toEqual(new Set(['s3', 'iam', 'lambda', 'dynamodb', 'apigateway']));
    expect(warnings).toEqual([
      'SERVICES names what tierkit does not have: kinesis, sns. Calls to them are refused.',
    ]);
  });
});

describe('variables without effect', () => {
  test('are named in one line', () => {
    const { warnings } = read({
      LAMBDA_DOCKER_FLAGS: '-l a=b',
      DYNAMODB_SHARE_DB: '1',
      PROVIDER_OVERRIDE_S3: 'v3',
      EDGE_PORT: '4566',
      PATH: '/bin',
      AWS_REGION: 'eu-west-1',
    });
    expect(warnings).toEqual([
      'These variables of LocalStack have no effect on tierkit: DYNAMODB_SHARE_DB, EDGE_PORT, LAMBDA_DOCKER_FLAGS, PROVIDER_OVERRIDE_S3.',
    ]);
  });

  test('a token, telemetry and empty ones are no matter', () => {
    expect(
      read({
        LOCALSTACK_AUTH_TOKEN: 'ls-1',
        DISABLE_EVENTS: '1',
        ACTIVATE_PRO: '1',
        LAMBDA_DOCKER_NETWORK: '',
      }).warnings,
    ).toEqual([]);
  });
});

test.each([
  [{ GATEWAY_LISTEN: 'http://x' }, /GATEWAY_LISTEN=http:\/\/x/],
  [{ GATEWAY_LISTEN: '0.0.0.0:70000' }, /GATEWAY_LISTEN/],
  [{ LS_LOG: 'loud' }, /LS_LOG=loud: not one of/],
  [{ LAMBDA_KEEPALIVE_MS: 'ever' }, /LAMBDA_KEEPALIVE_MS=ever: not a whole number/],
  [{ EXTERNAL_SERVICE_PORTS_START: '4559' }, /fewer than 5 ports/],
])('%j is refused by name', (variables, message) => {
  expect(() => read(variables as Record<string, string>)).toThrow(SettingError);
  expect(() => read(variables as Record<string, string>)).toThrow(message);
});

test.each([
  [{}, 'enforce'],
  [{ ENFORCE_IAM: '1' }, 'enforce'],
  [{ ENFORCE_IAM: '0' }, 'off'],
  [{ LOCALSTACK_ENFORCE_IAM: 'false' }, 'off'],
  [{ ENFORCE_IAM: '1', IAM_SOFT_MODE: '1' }, 'audit'],
])('with %j policies: %s', (variables, mode) => {
  expect(read(variables).iam).toBe(mode);
});
