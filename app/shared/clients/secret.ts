import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { tracer } from '../observability';

/** What RDS keeps in the secret that is attached to an instance: where it is, and how to come in. */
const login = z.object({
  username: z.string(),
  password: z.string(),
  host: z.string(),
  port: z.coerce.number(),
  dbname: z.string(),
});

export type Login = z.infer<typeof login>;

/** A database login that is fetched once an environment, and again after `forget` (it may have been rotated). */
export class LoginSecret {
  #login: Promise<Login> | undefined;

  constructor(
    private readonly secretArn: string,
    private readonly client: Pick<SecretsManagerClient, 'send'> = tracer.captureAWSv3Client(
      new SecretsManagerClient({}),
    ),
  ) {}

  async get(): Promise<Login> {
    this.#login ??= this.#fetch();
    try {
      return await this.#login;
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  forget(): void {
    this.#login = undefined;
  }

  async #fetch(): Promise<Login> {
    const answer = await this.client.send(new GetSecretValueCommand({ SecretId: this.secretArn }));
    return login.parse(JSON.parse(answer.SecretString ?? ''));
  }
}
