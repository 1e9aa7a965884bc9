import {
  DeleteParametersCommand,
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  paginateGetParametersByPath,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { clientConfig } from './surroundings';

/** How a custom resource was left by the last deployment. */
export interface Played {
  physicalId: string;
  properties: Record<string, unknown>;
}

/**
 * What the adapter did after earlier deployments, so that it does what CloudFormation would: create, update, or
 * nothing. Kept in LocalStack's own Parameter Store, so that it is forgotten with the rest of it.
 */
export class Records {
  readonly #client: SSMClient;

  constructor(
    endpoint: string,
    private readonly stackName: string,
  ) {
    this.#client = new SSMClient(clientConfig(endpoint));
  }

  async get(logicalId: string): Promise<Played | undefined> {
    try {
      const { Parameter } = await this.#client.send(new GetParameterCommand({ Name: this.#name(logicalId) }));
      return JSON.parse(Parameter?.Value ?? '') as Played;
    } catch (error) {
      if (error instanceof ParameterNotFound) return undefined;
      throw error;
    }
  }

  async put(logicalId: string, played: Played): Promise<void> {
    const Value = JSON.stringify(played);
    const parameter = { Name: this.#name(logicalId), Value, Type: 'String', Tier: 'Advanced' } as const;
    await this.#client.send(new PutParameterCommand({ ...parameter, Overwrite: true }));
  }

  async forget(): Promise<void> {
    const Path = this.#name('');
    for await (const { Parameters = [] } of paginateGetParametersByPath({ client: this.#client }, { Path })) {
      const Names = Parameters.flatMap(({ Name }) => Name ?? []);
      if (Names.length > 0) await this.#client.send(new DeleteParametersCommand({ Names }));
    }
  }

  close(): void {
    this.#client.destroy();
  }

  #name(logicalId: string): string {
    return `/tierkit/${this.stackName}/custom-resources/${logicalId}`;
  }
}
