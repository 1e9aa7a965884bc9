import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Docker } from '../../src/functions/containers/docker';
import { dockerAddress } from '../../src/functions/containers/docker-address';
import { Output } from '../../src/functions/containers/output';
import { pullImage, runtimeImage } from '../../src/functions/containers/runtime-images';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tierkit-docker-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('Docker is found', () => {
  test('by DOCKER_HOST', () => {
    expect(dockerAddress({ DOCKER_HOST: 'unix:///x/docker.sock' }, folder)).toEqual({
      socketPath: '/x/docker.sock',
    });
    expect(dockerAddress({ DOCKER_HOST: 'tcp://127.0.0.1' }, folder)).toEqual({
      host: '127.0.0.1',
      port: 2375,
    });
    expect(dockerAddress({ DOCKER_HOST: 'tcp://[::1]:99' }, folder)).toEqual({ host: '::1', port: 99 });
    expect(() => dockerAddress({ DOCKER_HOST: 'ssh://machine' }, folder)).toThrow(
      'DOCKER_HOST ssh://machine is neither unix:// nor tcp://',
    );
  });

  test('by the context in use', () => {
    const meta = join(folder, '.docker/contexts/meta', createHash('sha256').update('colima').digest('hex'));
    mkdirSync(meta, { recursive: true });
    writeFileSync(join(folder, '.docker/config.json'), '{"currentContext":"colima"}');
    writeFileSync(join(meta, 'meta.json'), '{"Endpoints":{"docker":{"Host":"unix:///colima.sock"}}}');
    expect(dockerAddress({}, folder)).toEqual({ socketPath: '/colima.sock' });
    expect(dockerAddress({ DOCKER_HOST: 'unix:///other.sock' }, folder)).toEqual({
      socketPath: '/other.sock',
    });
  });
});

describe('the client', () => {
  let server: Server;
  let docker: Docker;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const asked: string[] = [];
  beforeEach(async () => {
    asked.length = 0;
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      answer(request, response);
    });
    server.on('upgrade', (_request, socket) => {
      socket.end('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nfirst bytes');
    });
    const socketPath = join(folder, 'docker.sock');
    await new Promise<void>((done) => server.listen(socketPath, done));
    docker = new Docker({ socketPath });
  });
  afterEach(async () => {
    docker.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  test('sends and reads JSON, and tells refusals', async () => {
    answer = (request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => response.end(JSON.stringify({ got: JSON.parse(body) })));
    };
    expect(await docker.call('POST', '/containers/create', { a: 1 })).toEqual({ got: { a: 1 } });
    answer = (_request, response) => response.writeHead(409).end('{"message":"it is so"}');
    await expect(docker.call('POST', '/x')).rejects.toMatchObject({ status: 409, message: 'it is so' });
  });

  test('follows a connection out of HTTP', async () => {
    const stream = await docker.upgrade('/containers/x/attach');
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toBe('first bytes');
  });

  test('pulls an image that is missing, and says why it cannot', async () => {
    let there = false;
    answer = (request, response) => {
      if (request.url?.startsWith('/images/create')) {
        there = true;
        response.end('{"status":"Pulling"}\n{"status":"Done"}\n');
      } else if (there) response.end('{"Id":"sha256:1","Architecture":"arm64","Size":1}');
      else response.writeHead(404).end('{"message":"No such image"}');
    };
    expect(await pullImage(docker, 'a/b:1', 'arm64')).toMatchObject({ Id: 'sha256:1' });
    expect(asked).toEqual([
      'GET /images/a%2Fb%3A1/json',
      'POST /images/create?fromImage=a%2Fb%3A1&platform=linux%2Farm64',
      'GET /images/a%2Fb%3A1/json',
    ]);
    answer = (request, response) => {
      if (request.url?.startsWith('/images/create')) response.end('{"error":"no route to host"}\n');
      else response.end('{"Id":"sha256:1","Architecture":"amd64","Size":1}');
    };
    expect(await pullImage(docker, 'a/b:1', 'x86_64')).toMatchObject({ Id: 'sha256:1' });
    await expect(pullImage(docker, 'a/b:1', 'arm64')).rejects.toThrow(
      'the image a/b:1 for arm64 is not here and cannot be pulled (no route to host): the one that is here is for amd64: LAMBDA_IGNORE_ARCHITECTURE=1',
    );
  });

  test('says what to do where nobody answers', async () => {
    const nobody = new Docker({ socketPath: join(folder, 'none.sock') });
    await expect(nobody.call('GET', '/info')).rejects.toThrow(/no Docker was found at .*none\.sock/);
    const closed = new Docker({ host: '127.0.0.1', port: 1 });
    await expect(closed.call('GET', '/info')).rejects.toThrow(
      'Docker does not answer at 127.0.0.1:1: start it',
    );
  });
});

test('a runtime has an image', () => {
  expect(
    ['nodejs22.x', 'python3.13', 'java21', 'java8.al2', 'dotnet8', 'provided.al2023'].map((name) =>
      runtimeImage(name),
    ),
  ).toEqual([
    'public.ecr.aws/lambda/nodejs:22',
    'public.ecr.aws/lambda/python:3.13',
    'public.ecr.aws/lambda/java:21',
    'public.ecr.aws/lambda/java:8.al2',
    'public.ecr.aws/lambda/dotnet:8',
    'public.ecr.aws/lambda/provided:al2023',
  ]);
  expect(runtimeImage('java21', { java21: 'mine:1' })).toBe('mine:1');
});

test('output is taken apart into lines, however it comes', () => {
  const lines: string[] = [];
  const output = new Output((line) => lines.push(line));
  const frame = (stream: number, text: string) => {
    const head = Buffer.alloc(8);
    head[0] = stream;
    head.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([head, Buffer.from(text)]);
  };
  const all = Buffer.concat([
    frame(1, 'a\nb'),
    frame(2, 'error\n'),
    frame(1, 'c\none\rmessage\n'),
    frame(1, 'no end'),
  ]);
  for (const byte of all) output.read(Buffer.of(byte));
  output.flush();
  expect(lines).toEqual(['a\n', 'error\n', 'bc\n', 'one\nmessage\n', 'no end']);
});
