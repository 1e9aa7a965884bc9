import { randomUUID } from 'node:crypto';
import {
  AddPermissionCommand,
  GetPolicyCommand,
  RemovePermissionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { GetBucketPolicyCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import { buyer, call, eventually, fresh } from '../support/api';
import { DeployedRoles } from '../support/deployed-roles';
import { deployment, output } from '../support/deployment';
import { refusalExplained } from '../support/explained';
import { apiGrants, grants, otherGrants, ourFunctions, permissions, resourcesOf } from '../support/grants';
import { allWell, JOURNEYS, spoilt } from '../support/journeys';
import { partnersKey } from '../support/partners';
import { whyNotDeployed } from '../support/probe-stack';
import { closeDocuments } from '../support/shows';

const FUNCTIONS = ourFunctions();
const roles = new DeployedRoles();

beforeAll(() => roles.open());
afterAll(() => {
  roles.close();
  closeDocuments();
});

/** What Lambda itself does with each function's role; the code has no part in it. */
const FOR_LAMBDA = /^(logs|ec2|xray):/;

/** What each function may do besides. All else is refused. */
const MAY: Record<string, string[]> = {
  ApiListShows: ['dynamodb:Scan on DataShows', 'ssm:GetParameter on DataCacheAddress'],
  ApiGetShow: ['dynamodb:GetItem on DataShows', 'ssm:GetParameter on DataCacheAddress'],
  ApiBuyTicket: [
    'dynamodb:GetItem on DataShows',
    'dynamodb:UpdateItem on DataShows',
    'dynamodb:GetItem on DataTickets',
    'dynamodb:PutItem on DataTickets',
    'ssm:GetParameter on DataCacheAddress',
  ],
  ApiListTickets: ['dynamodb:Query on DataTickets/index/byHolder'],
  ApiReturnTicket: [
    'dynamodb:UpdateItem on DataShows',
    'dynamodb:GetItem on DataTickets',
    'dynamodb:UpdateItem on DataTickets',
    'ssm:GetParameter on DataCacheAddress',
  ],
  ApiGetInfo: ['secretsmanager:GetSecretValue on DataDatabaseInstanceSecret'],
  MigrationHandler: ['secretsmanager:GetSecretValue on DataDatabaseInstanceSecret'],
};

describe('what functions may do', () => {
  /** Everything of the app that somebody may want to do something with: by name, the ARN and what may be asked. */
  function everything(): { on: string; arn: string; actions: string[] }[] {
    const table = [
      ...['GetItem', 'BatchGetItem', 'ConditionCheckItem', 'Query', 'Scan', 'PutItem', 'UpdateItem'],
      ...['DeleteItem', 'BatchWriteItem', 'PartiQLSelect', 'PartiQLUpdate', 'DescribeTable', 'DeleteTable'],
    ].map((name) => `dynamodb:${name}`);
    const shows = roles.arn('dynamodb', `table/${output('ShowsTable')}`);
    const tickets = roles.arn('dynamodb', `table/${output('TicketsTable')}`);
    const secret = ['GetSecretValue', 'DescribeSecret', 'PutSecretValue', 'DeleteSecret'];
    const parameter = ['GetParameter', 'GetParameters', 'PutParameter', 'DeleteParameter'];
    const role = ['PassRole', 'PutRolePolicy', 'AttachRolePolicy', 'UpdateAssumeRolePolicy'];
    return [
      { on: 'DataShows', arn: shows, actions: table },
      { on: 'DataTickets', arn: tickets, actions: table },
      { on: 'DataTickets/index/byHolder', arn: `${tickets}/index/byHolder`, actions: table },
      {
        on: 'DataDatabaseInstanceSecret',
        arn: output('DatabaseSecretArn'),
        actions: secret.map((name) => `secretsmanager:${name}`),
      },
      {
        on: 'DataCacheAddress',
        arn: roles.arn('ssm', `parameter/${roles.nameOf('DataCacheAddressB4A3462D')}`),
        actions: parameter.map((name) => `ssm:${name}`),
      },
      {
        on: 'the site',
        arn: `arn:aws:s3:::${output('SiteBucket')}/index.html`,
        actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      },
      ...FUNCTIONS.flatMap(({ name, functionId, roleId }) => [
        {
          on: name,
          arn: roles.arn('lambda', `function:${roles.nameOf(functionId)}`),
          actions: ['lambda:InvokeFunction', 'lambda:UpdateFunctionCode'],
        },
        {
          on: `the role of ${name}`,
          arn: `arn:aws:iam::${roles.account}:role/${roles.nameOf(roleId)}`,
          actions: [...role.map((action) => `iam:${action}`), 'sts:AssumeRole'],
        },
      ]),
    ];
  }

  test.each(FUNCTIONS)('$name: what is listed, and nothing else', async ({ name, roleId }) => {
    const allowed: string[] = [];
    const others: string[] = [];
    for (const { on, arn, actions } of everything()) {
      for (const { action, decision } of await roles.simulate(roleId, actions, [arn]))
        (decision === 'allowed' ? allowed : others).push(`${action} on ${on}`);
    }
    expect(allowed.sort()).toEqual([...(MAY[name] ?? [])].sort());
    expect(others.length).toBeGreaterThan(80);
  });

  test.each(FUNCTIONS)('$name: its own log and no other’s', async ({ roleId, functionId }) => {
    const write = ['logs:CreateLogStream', 'logs:PutLogEvents'];
    for (const { functionId: other } of FUNCTIONS) {
      const { LoggingConfig } = await roles.configuration(other);
      const arn = roles.arn('logs', `log-group:${LoggingConfig?.LogGroup}:log-stream:any`);
      const decisions = (await roles.simulate(roleId, write, [arn])).map(({ decision }) => decision);
      const expected = other === functionId ? 'allowed' : 'implicitDeny';
      expect([other, ...decisions]).toEqual([other, expected, expected]);
    }
  });

  test.each(FUNCTIONS)('$name: joining the VPC is Lambda’s business, not its code’s', async (one) => {
    const join = grantsOf(one.name).filter((action) => action.startsWith('ec2:'));
    const code = {
      'lambda:SourceFunctionArn': roles.arn('lambda', `function:${roles.nameOf(one.functionId)}`),
    };
    const decisions = async (context = {}) => [
      ...new Set((await roles.simulate(one.roleId, join, ['*'], context)).map(({ decision }) => decision)),
    ];
    expect(join).toHaveLength(6);
    expect([await decisions(), await decisions(code)]).toEqual([['allowed'], ['explicitDeny']]);
  });
});

const grantsOf = (name: string) =>
  grants()
    .filter((one) => one.name === name)
    .map(({ action }) => action);

describe('a grant that is missing', () => {
  const own = grants()
    .filter(({ action }) => !FOR_LAMBDA.test(action))
    .map((grant) => ({ ...grant, what: `${grant.name}: ${grant.action} on ${grant.on}` }));

  /** Without it the visitor is served still, only more slowly, or as the cache remembers it. */
  const spared = (action: string) => action === 'ssm:GetParameter';

  test.each(FUNCTIONS)('with all of them $name does all that it is for', async ({ name, functionId }) => {
    const journey = JOURNEYS[name];
    if (!journey) throw new Error(`No journey leads through ${name}`);
    await allWell(journey, roles, functionId);
  });

  test.each(own)('$what', async (grant) => {
    const { name, functionId, action } = grant;
    const journey = JOURNEYS[name];
    if (!journey) throw new Error(`No journey leads through ${name}`);
    const since = Date.now();
    await roles.without(grant, async () => {
      // What it once read, it would remember.
      if (!action.startsWith('dynamodb:')) await roles.refresh(functionId);
      const { answers, seen } = await spoilt(journey, roles, functionId);
      expect(seen).not.toEqual(journey.well);
      const failed = answers.filter(({ status }) => status >= 500);
      expect(failed.length > 0).toBe(!spared(action));
      await eventually(async () => {
        const log = await roles.logOf(functionId, since);
        expect(log).toMatch(new RegExp(`is not authorized to perform: ${action} on resource: \\S+`));
        if (!spared(action)) expect(log).toContain('AccessDeniedException');
      });
      await refusalExplained(roles.nameOf(grant.roleId), action);
    });
    if (!action.startsWith('dynamodb:')) await roles.refresh(functionId);
    await allWell(journey, roles, functionId);
  });

  test.each(FUNCTIONS)('$name: its log stays empty without the right to write it', async (one) => {
    const journey = JOURNEYS[one.name];
    const [stream, put] = grants().filter(
      ({ name, action }) => name === one.name && action.startsWith('logs:'),
    );
    if (!journey || !stream || !put) throw new Error('A function is asked for something, and writes a log');
    for (const grant of [stream, put]) {
      await roles.refresh(one.functionId);
      const since = Date.now();
      await roles.without(grant, async () => {
        await journey.run(roles, one.functionId);
        await refusalExplained(roles.nameOf(grant.roleId), grant.action);
        expect(await roles.logOf(one.functionId, since)).toBe('');
      });
      await journey.run(roles, one.functionId);
      await eventually(async () => expect(await roles.logOf(one.functionId, since)).not.toBe(''));
    }
  });

  /** What Lambda tries at once, by what its refusal says. */
  const TRIED: Record<string, string> = {
    'ec2:CreateNetworkInterface': 'CreateNetworkInterface on EC2',
    'ec2:DescribeNetworkInterfaces': 'DescribeNetworkInterfaces on EC2',
    'ec2:DeleteNetworkInterface': 'DeleteNetworkInterface on EC2',
    'xray:PutTraceSegments': 'PutTraceSegments on XRAY',
  };

  /** What no request fails for, and why it is granted. */
  const UNTRIED: Record<string, string> = {
    'ec2:DescribeSubnets': 'Lambda asks for it later, when it makes another interface',
    'ec2:AssignPrivateIpAddresses': 'Lambda asks for it later, when an interface serves more environments',
    'ec2:UnassignPrivateIpAddresses': 'Lambda asks for it later, when an interface serves fewer environments',
    'xray:PutTelemetryRecords': 'the daemon of X-Ray tells of itself; nobody is answered',
  };

  test.each(FUNCTIONS)('$name: Lambda takes no role that it could not run the function with', async (one) => {
    const forLambda = grants().filter(
      ({ name, action }) => name === one.name && FOR_LAMBDA.test(action) && !action.startsWith('logs:'),
    );
    expect(forLambda.map(({ action }) => action).sort()).toEqual(
      [...Object.keys(TRIED), ...Object.keys(UNTRIED)].sort(),
    );
    const { FunctionName, VpcConfig, TracingConfig } = await roles.configuration(one.functionId);
    const { SubnetIds, SecurityGroupIds } = VpcConfig ?? {};
    const again = new UpdateFunctionConfigurationCommand({
      ...{ FunctionName, VpcConfig: { SubnetIds, SecurityGroupIds } },
      TracingConfig: { Mode: TracingConfig?.Mode },
    });
    for (const grant of forLambda) {
      const tried = TRIED[grant.action];
      await roles.without(grant, async () => {
        const [verdict] = await roles.simulate(one.roleId, [grant.action], ['*']);
        expect([grant.action, verdict?.decision]).toEqual([grant.action, 'implicitDeny']);
        if (!tried) return;
        await expect(roles.lambda.send(again)).rejects.toMatchObject({
          name: 'InvalidParameterValueException',
          message: `The provided execution role does not have permissions to call ${tried}`,
        });
      });
    }
    await roles.lambda.send(again);
  });
});

describe('a permission that is missing', () => {
  const all = permissions().map((one) => ({ ...one, request: `${one.method} ${one.path}` }));
  const order = { showId: 'cats', seats: 1, buyer: buyer() };

  /** Asks in a way that API Gateway, its cache among it, hands on. */
  async function ask(method: string, path: string) {
    const init: RequestInit = {
      method,
      headers: {
        'content-type': 'application/json',
        'idempotency-key': 'somebody-else',
        'x-api-key': await partnersKey(),
      },
      ...(method === 'POST' ? { body: JSON.stringify(order) } : {}),
    };
    return call(`${path.replace('*', '0'.repeat(32))}?${fresh()}`, init);
  }

  const sourceOf = ({ Condition }: { Condition: unknown }) =>
    /"(arn:aws[^"]*:execute-api:[^"]*)"/.exec(JSON.stringify(Condition))?.[1] ?? '';

  test.each(all)(
    '$request: the API may not call its function',
    async ({ logicalId, functionId, method, path }) => {
      const FunctionName = roles.nameOf(functionId);
      const { Policy = '{}' } = await roles.lambda.send(new GetPolicyCommand({ FunctionName }));
      const { Statement } = JSON.parse(Policy) as { Statement: { Sid: string; Condition: unknown }[] };
      const own = Statement.filter((one) => sourceOf(one).endsWith(`/${method}${path}`));
      expect(own).toHaveLength(1);
      const StatementId = own[0]?.Sid ?? '';
      const SourceArn = own.map(sourceOf)[0];
      const served = await ask(method, path);
      expect([logicalId, served.status < 500]).toEqual([logicalId, true]);

      await roles.lambda.send(new RemovePermissionCommand({ FunctionName, StatementId }));
      try {
        const { status, body } = await ask(method, path);
        expect([status, body]).toEqual([500, { message: 'Internal server error' }]);
      } finally {
        await roles.lambda.send(
          new AddPermissionCommand({
            ...{ FunctionName, StatementId, SourceArn },
            ...{ Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com' },
          }),
        );
      }
      expect((await ask(method, path)).status).toBe(served.status);
    },
  );
});

describe('a grant of the API’s that is missing', () => {
  const all = apiGrants();

  test('is one: it reads leaflets, and nothing else', async () => {
    expect(all.map(({ actions }) => actions)).toEqual([['s3:GetObject']]);
    const bucket = `arn:aws:s3:::${output('SiteBucket')}`;
    const actions = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket'];
    const roleId = all[0]?.roleId ?? '';
    const allowed: string[] = [];
    for (const arn of [bucket, `${bucket}/leaflets/a`, `${bucket}/index.html`]) {
      for (const { action, decision } of await roles.simulate(roleId, actions, [arn]))
        if (decision === 'allowed') allowed.push(`${action} on ${arn}`);
    }
    expect(allowed).toEqual([`s3:GetObject on ${bucket}/leaflets/a`]);
  });

  test.each(all)('$policyName: what it reads is not to be found', async (grant) => {
    const ask = async () => (await call('/api/info/static/house-rules.txt')).status;
    expect(await ask()).toBe(200);
    await roles.without(grant, async () => {
      expect(await ask()).toBe(404);
      await refusalExplained(roles.nameOf(grant.roleId), 's3:GetObject');
    });
    expect(await ask()).toBe(200);
  });
});

describe('the site’s bucket without its policy for CloudFront', () => {
  const s3 = new S3Client({ ...deployment().clientConfig, forcePathStyle: true });
  afterAll(() => s3.destroy());

  test('serves nothing', async () => {
    const Bucket = output('SiteBucket');
    const ask = async () => (await fetch(`${deployment().siteUrl}/${randomUUID()}`)).status;
    // What CloudFront has it serves, for a second even where it is told to ask each time.
    const becomes = (status: number) => eventually(async () => expect(await ask()).toBe(status));
    const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
    const policy = JSON.parse(Policy) as { Statement: { Principal: { Service?: string } }[] };
    const rest = policy.Statement.filter(({ Principal }) => !Principal.Service);
    expect([rest.length, policy.Statement.length]).toEqual([2, 3]);
    await becomes(200);
    const without = JSON.stringify({ ...policy, Statement: rest });
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: without }));
    try {
      await becomes(403);
    } finally {
      await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    }
    await becomes(200);
  });
});

describe('a grant that is missing in a deployment', () => {
  const all = otherGrants().map((grant) => ({ ...grant, what: `${grant.name}: ${grant.actions[0]}` }));
  /** CDK's framework asks for it only when a function is not ready to be called yet. */
  const SELDOM = ['lambda:GetFunction'];

  /** What has CDK's function do its work: a resource as the theatre has it, in a stack of its own. */
  function probe({ name, functionId }: { name: string; functionId: string }): object {
    const ServiceToken = roles.arn('lambda', `function:${roles.nameOf(functionId)}`);
    if (name.startsWith('MigrationProvider'))
      return { Type: 'Custom::TheatreSchema', Properties: { ServiceToken, version: 'probe' } };
    const [, page] = resourcesOf('Custom::CDKBucketDeployment').at(-1) ?? [];
    return {
      Type: 'Custom::CDKBucketDeployment',
      Properties: {
        ...page,
        ServiceToken,
        SourceBucketNames: [{ 'Fn::Sub': 'cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}' }],
        DestinationBucketName: output('SiteBucket'),
        DestinationBucketKeyPrefix: 'probe',
        RetainOnDelete: false,
        DistributionId: output('DistributionId'),
        DistributionPaths: ['/probe/*'],
      },
    };
  }

  test('is missed by these functions of CDK’s', () => {
    expect([...new Set(all.map(({ name }) => name))]).toEqual([
      'MigrationProviderframeworkonEvent',
      expect.stringMatching(/^CustomCDKBucketDeployment/),
    ]);
  });

  test.each(all.filter(({ actions }) => !SELDOM.includes(actions[0] ?? '')))('$what', async (grant) => {
    await roles.without(grant, async () => {
      const why = await whyNotDeployed(probe(grant));
      const [, action = ''] = /is not authorized to perform: (\S+) on resource/.exec(why) ?? [];
      const fits = grant.actions.some((one) => action.startsWith(one.replace('*', '')));
      expect([why, fits]).toEqual([expect.stringContaining('is not authorized to perform'), true]);
    });
    expect(await whyNotDeployed(probe(grant))).toBe('');
  });
});
