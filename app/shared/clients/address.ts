import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { tracer } from '../observability';

export interface Address {
  host: string;
  port: number;
}

/** Nobody waits long for the way to something that he could do without. */
const ASK = { maxAttempts: 2, requestHandler: { connectionTimeout: 500, requestTimeout: 1_000 } };

/** Where something answers: a parameter, `host:port`, that is read once an environment, and again after `forget`. */
export class AddressParameter {
  #address: Promise<Address> | undefined;

  constructor(
    private readonly name: string,
    private readonly client: Pick<SSMClient, 'send'> = tracer.captureAWSv3Client(new SSMClient(ASK)),
  ) {}

  async get(): Promise<Address> {
    this.#address ??= this.#fetch();
    try {
      return await this.#address;
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  forget(): void {
    this.#address = undefined;
  }

  async #fetch(): Promise<Address> {
    const { Parameter } = await this.client.send(new GetParameterCommand({ Name: this.name }));
    const [, host, port] = /^(.+):(\d+)$/.exec(Parameter?.Value ?? '') ?? [];
    if (!host) throw new Error(`The parameter ${this.name} is no address: ${Parameter?.Value}`);
    return { host, port: Number(port) };
  }
}
