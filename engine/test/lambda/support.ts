import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { type Zippable, zipSync } from 'fflate';
import type { TestCloud } from '../../src/testing';

export const zip = (files: Record<string, string>): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)]),
    ) as Zippable,
  );

const TRUST = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
};

/** A role that functions of these tests run as; it may do everything unless `policy` says otherwise. */
export async function lambdaRole(
  cloud: TestCloud,
  name = 'lambda-role',
  trust: object = TRUST,
): Promise<string> {
  const iam = cloud.client(IAMClient);
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: name,
      PolicyName: 'all',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
      }),
    }),
  );
  return Role!.Arn!;
}

/** Creates functions and calls them, in few words. */
export class Lambda {
  readonly client: LambdaClient;

  constructor(
    cloud: TestCloud,
    readonly role: string,
    overrides: Record<string, unknown> = {},
  ) {
    this.client = cloud.client(LambdaClient, overrides);
  }

  create(
    name: string,
    code: string | Record<string, string>,
    more: Partial<CreateFunctionCommandInput> = {},
  ) {
    return this.client.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Role: this.role,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile: zip(typeof code === 'string' ? { 'index.js': code } : code) },
        ...more,
      }),
    );
  }

  async invoke(name: string, event: unknown = {}, more: Partial<InvokeCommandInput> = {}) {
    const result = await this.client.send(
      new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), LogType: 'Tail', ...more }),
    );
    const text = result.Payload?.transformToString() ?? '';
    return {
      ...result,
      value: text ? JSON.parse(text) : undefined,
      log: Buffer.from(result.LogResult ?? '', 'base64').toString('utf8'),
    };
  }
}
