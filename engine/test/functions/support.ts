import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import { type EnvironmentLimits, type FunctionSpec, LambdaEnvironments } from '../../src/functions';
import { type Host, type Principal, randomIds, systemClock } from '../../src/kernel';
import { EventStream } from '../../src/observe';
import { FileBlobs } from '../../src/storage';

export const zip = (files: Record<string, string>): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)]),
    ) as Zippable,
  );

interface Logged {
  group: string;
  message: string;
}

/** Environments alone, in a world that has just what they lean on. */
export class Bench {
  readonly directory = mkdtempSync(join(tmpdir(), 'tierkit-functions-test-'));
  readonly events = new EventStream();
  readonly blobs = new FileBlobs(join(this.directory, 'blobs'), randomIds);
  readonly namesFile = join(this.directory, 'names.json');
  readonly logged: Logged[] = [];
  readonly environments: LambdaEnvironments;

  constructor(enginePort = 9, limits: EnvironmentLimits = {}) {
    writeFileSync(this.namesFile, '{}');
    writeFileSync(join(this.directory, 'ca.pem'), '');
    const role: Principal = {
      type: 'assumed-role',
      account: '000000000000',
      arn: 'arn:aws:sts::000000000000:assumed-role/r/f',
      userId: 'AROA:f',
    };
    this.role = role;
    const host = {
      clock: systemClock,
      ids: randomIds,
      memo: <T>(_name: string, make: () => T) => make(),
      invoke: async (
        _service: string,
        operation: string,
        input: { logGroupName: string; logEvents?: { message: string }[] },
      ) => {
        if (operation === 'PutLogEvents') {
          for (const event of input.logEvents ?? []) {
            this.logged.push({ group: input.logGroupName, message: event.message });
          }
          for (const wake of this.#waiting.splice(0)) wake();
        }
        return {};
      },
      parts: {
        blobs: this.blobs,
        events: this.events,
        names: { file: this.namesFile, all: () => [], resolve: () => undefined },
        identity: {
          issueSession: () => ({
            accessKeyId: 'ASIATEST',
            secretAccessKey: 'secret',
            sessionToken: 'token',
            expiration: new Date(Date.now() + 12 * 3600_000),
          }),
        },
        addresses: {
          port: enginePort,
          endpoint: `http://127.0.0.1:${enginePort}`,
          stateDirectory: this.directory,
          caFile: join(this.directory, 'ca.pem'),
          caReady: async () => {},
        },
      },
    };
    this.environments = new LambdaEnvironments(host as unknown as Host, limits);
  }

  readonly role: Principal;
  readonly #waiting: (() => void)[] = [];

  /** Resolves once the log group holds a message that passes. */
  async stored(group: string, passes: (message: string) => boolean): Promise<string[]> {
    for (;;) {
      const messages = this.logged.filter((event) => event.group === group).map((event) => event.message);
      if (messages.some(passes)) return messages;
      await new Promise<void>((wake) => this.#waiting.push(wake));
    }
  }

  async spec(files: Record<string, string>, more: Partial<FunctionSpec> = {}): Promise<FunctionSpec> {
    const blob = await this.blobs.write(zip(files));
    return {
      arn: `arn:aws:lambda:us-east-1:000000000000:function:f-${blob.id}:$LATEST`,
      account: '000000000000',
      region: 'us-east-1',
      functionName: `f-${blob.id}`,
      version: '$LATEST',
      runtime: 'nodejs20.x',
      handler: 'index.handler',
      architecture: 'x86_64',
      ephemeralStorage: 512,
      timeout: 3,
      memorySize: 256,
      codeBlob: blob.id,
      layerBlobs: [],
      revision: blob.id,
      environment: {},
      role: this.role,
      logGroup: `/aws/lambda/f-${blob.id}`,
      logFormat: 'Text',
      ...more,
    };
  }

  async call(
    spec: FunctionSpec,
    event: unknown = {},
    options: { requestId?: string; clientContext?: string } = {},
  ) {
    const result = await this.environments.invoke(spec, new TextEncoder().encode(JSON.stringify(event)), {
      tail: true,
      ...options,
    });
    return { ...result, value: JSON.parse(new TextDecoder().decode(result.payload)) };
  }

  async close(): Promise<void> {
    await this.environments.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
