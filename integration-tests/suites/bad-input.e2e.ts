import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  paginateDescribeStackEvents,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import type { Show } from '../../app/shared/domain';
import { call, fresh } from '../support/api';
import { Copy } from '../support/copy';
import { deployment } from '../support/deployment';

const MINUTES = 60_000;
const MIGRATIONS = 'app/functions/migrate/migrations.ts';
const WRONG = `  { id: '003-prices', sql: 'ALTER TABLE veneus ADD COLUMN price integer' },\n];`;

describe('a theatre with a wrong migration, where no Valkey is to be had', () => {
  let copy: Copy;
  beforeAll(() => {
    copy = new Copy({ TIERKIT_VALKEY: '' });
  });
  afterAll(() => copy?.remove());

  const urls = async () =>
    JSON.parse((await copy.tierkit('urls', '--json')).stdout) as {
      endpoint: string;
      apis: { url: string }[];
    };

  test(
    'is not deployed: names the resource, the reason and the logs, and is rolled back',
    async () => {
      copy.edit(MIGRATIONS, (text) => text.replace(/\n\];/, `\n${WRONG}`));
      const { code, stdout, stderr } = await copy.tierkit('up', '--port', '0');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain('✖ deploy');
      expect(stderr).toContain('The deployment failed: Theatre is now ROLLBACK_COMPLETE.');
      expect(stderr).toMatch(/MigrationSchema\w+ \(Custom::TheatreSchema\) CREATE_FAILED:/);
      const reason = 'Migration 003-prices failed: relation "veneus" does not exist';
      expect(stderr).toContain(reason);
      expect(stderr).toMatch(/Logs: \/aws\/lambda\/Theatre-MigrationHandler/);
      const output = join(copy.state, 'deploy.log');
      expect(stderr).toContain(output);
      expect(readFileSync(output, 'utf8')).toContain('Theatre failed to deploy');
      expect(stderr.split('\n').length).toBeLessThan(30);

      const { endpoint } = await urls();
      const client = new CloudFormationClient({ ...deployment().clientConfig, endpoint });
      const StackEvents: StackEvent[] = [];
      for await (const page of paginateDescribeStackEvents({ client }, { StackName: 'Theatre' }))
        StackEvents.push(...(page.StackEvents ?? []));
      client.destroy();
      expect(StackEvents[0]).toMatchObject({
        LogicalResourceId: 'Theatre',
        ResourceStatus: 'ROLLBACK_COMPLETE',
      });
      const failed = StackEvents.filter(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
      expect(failed.at(-1)).toMatchObject({
        LogicalResourceId: expect.stringContaining('MigrationSchema'),
        ResourceStatusReason: expect.stringContaining(reason),
      });
      const { stdout: log } = await copy.tierkit('logs');
      expect(log).toMatch(
        /error stack Theatre: MigrationSchema\w+ \(Custom::TheatreSchema\) CREATE_FAILED: /,
      );
    },
    3 * MINUTES,
  );

  test(
    'is deployed once that is mended; without the cache shows come from DynamoDB, and a line says what to install',
    async () => {
      copy.edit(MIGRATIONS, (text) => text.replace(WRONG, '];'));
      const { code, stdout, stderr } = await copy.tierkit('up', '--port', '0');
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('already running') });
      const warnings = stdout.split('\n').filter((line) => line.includes('Warning'));
      expect(warnings).toEqual([expect.stringContaining('the cache is down. Install one: ')]);

      const api = (await urls()).apis[0]?.url.replace(/\/$/, '');
      for (const _ of [1, 2]) {
        const answer = await call<{ shows: Show[] }>(`/api/shows?${fresh()}`, undefined, api);
        expect([answer.status, answer.headers.get('x-cache')]).toEqual([200, 'miss']);
        expect(answer.body.shows.length).toBeGreaterThan(3);
      }
      const { stdout: log } = await copy.tierkit('logs');
      expect(log).toContain('cache unavailable, going on without it');
    },
    3 * MINUTES,
  );
});
