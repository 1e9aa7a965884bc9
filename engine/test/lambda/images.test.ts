import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
} from '@aws-sdk/client-ecr';
import {
  CreateFunctionCommand,
  GetFunctionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { startCloud, type TestCloud } from '../../src/testing';
import { describeWith } from '../docker/available';
import { Lambda, lambdaRole } from './support';

const run = promisify(execFile);

function docker(args: string[], input = ''): Promise<string> {
  return new Promise((done, failed) => {
    const child = spawn('docker', args);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        said += chunk;
      });
    }
    child.stdin.end(input);
    child.once('close', (code) => (code === 0 ? done(said) : failed(new Error(said))));
  });
}

jest.setTimeout(60_000);

describeWith('public.ecr.aws/lambda/nodejs:20')('functions that are images', () => {
  let cloud: TestCloud;
  let lambda: Lambda;
  let folder: string;
  const repository = `000000000000.dkr.ecr.us-east-1.amazonaws.com/tierkit-test-${process.pid}`;
  const names: string[] = [];

  /** Builds an image whose handlers are told which release they are. */
  async function build(name: string, release: string): Promise<string> {
    writeFileSync(
      join(folder, 'index.js'),
      `exports.handler = async (event, { functionName }) => ({ release: '${release}', event, functionName });
       exports.other = async () => ({ other: process.cwd(), env: Object.keys(process.env) });`,
    );
    const source =
      'FROM public.ecr.aws/lambda/nodejs:20\nCOPY index.js /var/task/\nRUN mkdir /srv/app && cp /var/task/index.js /srv/app\nCMD ["index.handler"]\n';
    writeFileSync(join(folder, 'Dockerfile'), source);
    await docker(['build', '-q', '-t', name, folder]);
    names.push(name);
    return name;
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tierkit-images-test-'));
    cloud = await startCloud();
    lambda = new Lambda(cloud, await lambdaRole(cloud));
  });
  afterAll(async () => {
    await cloud.stop();
    for (const name of names) await docker(['rmi', '-f', name]);
    rmSync(folder, { recursive: true, force: true });
    const { stdout } = await run('docker', ['ps', '-aq', '--filter', `label=tierkit.engine=${process.pid}`]);
    expect(stdout).toBe('');
  });

  const create = (name: string, ImageUri: string, more = {}) =>
    lambda.client.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Role: lambda.role,
        PackageType: 'Image',
        Code: { ImageUri },
        ...more,
      }),
    );

  test('are made of a local image, run, configured and updated', async () => {
    const first = await build(`${repository}:one`, 'one');
    const created = await create('image', first, { Timeout: 10 });
    expect(created).toMatchObject({ PackageType: 'Image', State: 'Pending', CodeSize: 0 });
    expect(created).not.toHaveProperty('Runtime');
    expect(created).not.toHaveProperty('Handler');
    expect(created).not.toHaveProperty('RuntimeVersionConfig');
    expect(created.CodeSha256).toMatch(/^[0-9a-f]{64}$/);
    const got = await lambda.client.send(new GetFunctionCommand({ FunctionName: 'image' }));
    expect(got.Code).toEqual({
      RepositoryType: 'ECR',
      ImageUri: first,
      ResolvedImageUri: `${repository}@sha256:${created.CodeSha256}`,
    });
    expect((await lambda.invoke('image', { a: 1 })).value).toEqual({
      release: 'one',
      event: { a: 1 },
      functionName: 'image',
    });
    const configured = await lambda.client.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: 'image',
        ImageConfig: { Command: ['index.other'], WorkingDirectory: '/srv/app' },
      }),
    );
    expect(configured.ImageConfigResponse?.ImageConfig).toEqual({
      Command: ['index.other'],
      WorkingDirectory: '/srv/app',
    });
    expect((await lambda.invoke('image')).value.other).toBe('/srv/app');
    const plain = await lambda.client.send(
      new UpdateFunctionConfigurationCommand({ FunctionName: 'image', ImageConfig: {} }),
    );
    expect(plain).not.toHaveProperty('ImageConfigResponse');
    const second = await build(`${repository}:two`, 'two');
    await lambda.client.send(new UpdateFunctionCodeCommand({ FunctionName: 'image', ImageUri: second }));
    expect((await lambda.invoke('image')).value.release).toBe('two');
    const update = (input: object) =>
      lambda.client.send(new UpdateFunctionCodeCommand({ FunctionName: 'image', ...input }));
    await expect(update({ ZipFile: new Uint8Array(4) })).rejects.toThrow(
      'Please provide ImageUri when updating a function with packageType Image.',
    );
    await expect(
      lambda.client.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'image', Handler: 'a.b' })),
    ).rejects.toThrow(
      "Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.",
    );
    await expect(update({ ImageUri: `${repository}:none` })).rejects.toThrow(
      `Source image ${repository}:none does not exist. Provide a valid source image.`,
    );
  });

  test('whose entry point is wrong fail as on Lambda', async () => {
    const name = await build(`${repository}:entry`, 'entry');
    await create('entry', name, { ImageConfig: { EntryPoint: ['/nothing'] } });
    expect((await lambda.invoke('entry')).value).toMatchObject({
      errorType: 'Runtime.InvalidEntrypoint',
      errorMessage: expect.stringMatching(
        /^RequestId: \S+ Error: fork\/exec \/nothing: no such file or directory$/,
      ),
    });
    await create('machine', name, { Architectures: ['arm64'] });
    expect((await lambda.invoke('machine')).value).toMatchObject({
      errorMessage: expect.stringMatching(/: exec format error$/),
    });
  });

  test('come from a template', async () => {
    const ImageUri = await build(`${repository}:stack`, 'stack');
    const cloudformation = cloud.client(CloudFormationClient);
    const Properties = {
      FunctionName: 'stacked',
      PackageType: 'Image',
      Role: lambda.role,
      Code: { ImageUri },
      ImageConfig: { Command: ['index.handler'] },
      Timeout: 10,
    };
    const template = { Resources: { F: { Type: 'AWS::Lambda::Function', Properties } } };
    await cloudformation.send(
      new CreateStackCommand({ StackName: 's', TemplateBody: JSON.stringify(template) }),
    );
    await waitUntilStackCreateComplete(
      { client: cloudformation, minDelay: 1, maxWaitTime: 30 },
      { StackName: 's' },
    );
    expect((await lambda.invoke('stacked')).value.release).toBe('stack');
  });

  test('are pushed to ECR, by whoever is logged in', async () => {
    const ecr = cloud.client(ECRClient);
    const repositoryName = `pushed-${process.pid}`;
    const { repository: made } = await ecr.send(new CreateRepositoryCommand({ repositoryName }));
    const uri = `${made?.repositoryUri}:v1`;
    // Small: nothing but a file.
    writeFileSync(join(folder, 'file'), `${process.pid}`);
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nCOPY file /file\nCMD ["/file"]\n');
    await docker(['build', '-q', '-t', uri, folder]);
    names.push(uri);
    const config = ['--config', join(folder, 'config')];
    await expect(docker([...config, 'push', uri])).rejects.toThrow(
      /no basic auth credentials|authorization token/,
    );
    const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
    const [login] = authorizationData ?? [];
    const [user = '', password] = Buffer.from(login?.authorizationToken ?? '', 'base64')
      .toString()
      .split(':');
    await docker([...config, 'login', '-u', user, '--password-stdin', login?.proxyEndpoint ?? ''], password);
    expect(await docker([...config, 'push', uri])).toMatch(/v1: digest: sha256:/);
    expect(await docker([...config, 'push', uri])).toMatch(/v1: digest: sha256:/);
    const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName }));
    expect(imageDetails).toMatchObject([{ imageTags: ['v1'], repositoryName }]);
    const digest = imageDetails?.[0]?.imageDigest;
    const named = `000000000000.dkr.ecr.us-east-1.amazonaws.com/${repositoryName}`;
    await create('pushed', `${named}:v1`);
    const { Code } = await lambda.client.send(new GetFunctionCommand({ FunctionName: 'pushed' }));
    expect(Code?.ResolvedImageUri).toBe(`${named}@${digest}`);
    const unknown = uri.replace(repositoryName, 'unknown');
    await docker(['tag', uri, unknown]);
    names.push(unknown);
    await expect(docker([...config, 'push', unknown])).rejects.toThrow(/does not exist in the registry/);
    await expect(ecr.send(new DeleteRepositoryCommand({ repositoryName }))).rejects.toMatchObject({
      name: 'RepositoryNotEmptyException',
    });
    await ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
    const { stdout } = await run('docker', ['images', '-q', named]);
    expect(stdout).toBe('');
  });
});
