import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingOn } from '../../localstack/src';
import { whyNoDocker } from '../targets/docker';
import { EMBEDDED_ONLY, WITHOUT_IAM } from '../targets/elsewhere';
import { needsToken, skipsFor } from '../targets/localstack';

describe('without a Docker Engine one line says why, and what needs none', () => {
  const folder = mkdtempSync(join(tmpdir(), 'theatre-docker-'));
  const socket = join(folder, 'docker.sock');
  afterAll(() => rmSync(folder, { recursive: true }));

  test('there is none', async () => {
    expect(await whyNoDocker(`unix://${socket}`)).toBe(
      `there is no Docker Engine (${socket} does not exist). Install or start one. \`make test\` needs no Docker.`,
    );
  });

  test('it does not run', async () => {
    const server = createServer().listen(socket);
    await new Promise((listening) => server.once('listening', listening));
    expect(await whyNoDocker(`unix://${socket}`)).toContain('answers, but not as one that');
    await new Promise((closed) => server.close(closed));
  });

  test('it is elsewhere', async () => {
    expect(await whyNoDocker('tcp://127.0.0.1:9')).toBe(
      'no Docker Engine answers at DOCKER_HOST=tcp://127.0.0.1:9 (ECONNREFUSED). `make test` needs no Docker.',
    );
    expect(await whyNoDocker('nonsense')).toContain('DOCKER_HOST=nonsense (not an address)');
  });
});

describe('what LocalStack lacks', () => {
  test('community: the list is short', () => {
    const skips = skipsFor(missingOn({ paid: false }));
    expect(skips).toMatchObject({
      'outputs › say where everything is, in AWS’s words': expect.stringContaining('RDS'),
    });
    const others = Object.keys(skips).filter((key) => !(key in WITHOUT_IAM) && !(key in EMBEDDED_ONLY));
    expect(others.sort()).toEqual([
      'orders that are not said to be JSON, which API Gateway has no model for',
      'outputs › say where everything is, in AWS’s words',
      'partners › are served so many requests a second and no more',
      'the response cache',
      'what API Gateway refuses by itself',
    ]);
  });

  test('of a paid edition nothing is assumed to be missing but that it asks policies', () => {
    expect(Object.keys(skipsFor(missingOn({ paid: true })))).toEqual([
      'a theatre with a wrong migration, where no Valkey is to be had',
      ...Object.keys(WITHOUT_IAM),
    ]);
  });

  test('a newer one that wants a token is told from one that fails otherwise', () => {
    const advice = needsToken('License activation failed! Reason: No credentials were found: auth token\n');
    expect(advice).toContain('localstack/localstack:4.14.0 is the last that does without');
    expect(needsToken('OSError: [Errno 98] address in use')).toBe('');
  });
});
