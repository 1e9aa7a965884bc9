import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import * as s3 from '@aws-sdk/client-s3';
import { AwsError, type Call, type Host, notImplemented, type Principal } from '../../engine/src/kernel';
import { systemClock } from '../../engine/src/kernel/clock';
import { randomIds } from '../../engine/src/kernel/ids';
import { type Blobs, FileBlobs } from '../../engine/src/storage/blobs';
import { clientConfig } from './surroundings';

const ACCOUNT = '000000000000';
const REGION = 'us-east-1';

/**
 * LocalStack as the embedded engine's rooms see an AWS: so the engine's own code for custom resources and for
 * CloudFront works on it unchanged. S3 is all that they ask for; what else they would is refused by name.
 */
export class LocalStackWorld {
  readonly #client: s3.S3Client;
  readonly #memos = new Map<string, unknown>();
  /** Archives go to a file before they are unpacked. */
  readonly #scratch = join(tmpdir(), `tierkit-localstack-${randomIds.hex(16)}`);
  readonly host: Host;

  constructor(readonly endpoint: string) {
    this.#client = new s3.S3Client(clientConfig(endpoint));
    this.host = this.#host();
  }

  /** As a CloudFormation provider is called. */
  call(operation: string): Call {
    const root = principal('root', `arn:aws:iam::${ACCOUNT}:root`);
    return {
      ...this.host,
      parts: this.host.parts,
      service: 'cloudformation',
      operation,
      account: ACCOUNT,
      region: REGION,
      principal: root,
      requestId: randomIds.uuid(),
      http: undefined,
      response: { headers: {} },
      get store(): never {
        return absent('a store');
      },
      get accountStore(): never {
        return absent('a store');
      },
      get worldStore(): never {
        return absent('a store');
      },
    };
  }

  close(): void {
    this.#client.destroy();
    rmSync(this.#scratch, { recursive: true, force: true });
  }

  #host(): Host {
    const memos = this.#memos;
    return {
      clock: systemClock,
      ids: randomIds,
      parts: parts(Number(new URL(this.endpoint).port || 80), new FileBlobs(this.#scratch, randomIds)),
      invoke: async (service, operation, input) => {
        if (service !== 's3') throw notImplemented(`${service} ${operation} on LocalStack`);
        return (await this.#s3(operation, input as Record<string, unknown>)) as never;
      },
      may: async () => {
        throw notImplemented('permissions on LocalStack');
      },
      memo<T>(name: string, make: () => T): T {
        if (!memos.has(name)) memos.set(name, make());
        return memos.get(name) as T;
      },
    };
  }

  async #s3(operation: string, input: Record<string, unknown>): Promise<unknown> {
    const Command = Object.entries(s3).find(([name]) => name === `${operation}Command`)?.[1] as
      | (new (
          input: Record<string, unknown>,
        ) => s3.HeadBucketCommand)
      | undefined;
    if (!Command) throw notImplemented(`s3 ${operation} on LocalStack`);
    // A stream of unknown length cannot be sent: it is held.
    const Body = input.Body instanceof Readable ? await buffer(input.Body) : input.Body;
    try {
      return await this.#client.send(new Command(Body === undefined ? input : { ...input, Body }));
    } catch (error) {
      if (!(error instanceof s3.S3ServiceException)) throw error;
      // CloudFront may read what is in the site's bucket, not list it: AWS then answers 403 for what is not there.
      // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
      if (operation === 'GetObject' && error.name === 'NoSuchKey')
        throw new AwsError('AccessDenied', 'Access Denied', { status: 403 });
      const status = error.$metadata.httpStatusCode;
      throw new AwsError(error.name, error.message, status === undefined ? {} : { status });
    }
  }
}

function absent(what: string): never {
  throw new Error(`LocalStack lends ${what} to nobody`);
}

function principal(type: Principal['type'], arn: string): Principal {
  return { type, account: ACCOUNT, arn, userId: ACCOUNT };
}

function parts(port: number, blobs: Blobs): Host['parts'] {
  const no = (what: string) => (): never => absent(what);
  return {
    blobs,
    get functions(): never {
      return absent('functions');
    },
    get servers(): never {
      return absent('servers');
    },
    get names(): never {
      return absent('names');
    },
    get vpcNames(): never {
      return absent('names');
    },
    get events(): never {
      return absent('events');
    },
    get door(): never {
      return absent('its door');
    },
    get callers(): never {
      return absent('callers');
    },
    identity: {
      root: (account) => ({ ...principal('root', `arn:aws:iam::${account}:root`), account }),
      servicePrincipal: (service, account) => ({ ...principal('service', service), account }),
      roleSession: no('sessions'),
      issueSession: no('sessions'),
      registerAccessKey: no('keys'),
      removeAccessKey: no('keys'),
      find: () => undefined,
    },
    addresses: {
      port,
      endpoint: `http://127.0.0.1:${port}`,
      endpointFor: () => `http://127.0.0.1:${port}`,
      get stateDirectory(): never {
        return absent('its state');
      },
      get caFile(): never {
        return absent('its authority');
      },
      caReady: no('its authority'),
      certificateFor: no('its authority'),
    },
  };
}
