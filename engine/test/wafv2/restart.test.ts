import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCloud } from '../../src/testing';
import { bytes, rule, WafBed } from './support';

test('a stage is behind its web ACL after a restart before anybody called AWS WAF', async () => {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'waf-'));
  const first = await WafBed.start({ stateDirectory });
  await first.protected('kept', [rule('no', 0, bytes('/no'))]);
  await first.stop();
  const second = await startCloud({ stateDirectory });
  const url = (path: string) => `${second.endpoint}/restapis/${first.api.id}/prod/_user_request_${path}`;
  expect((await fetch(url('/no'))).status).toBe(403);
  expect((await fetch(url('/yes'))).status).toBe(200);
  await second.stop();
  await rm(stateDirectory, { recursive: true });
});
