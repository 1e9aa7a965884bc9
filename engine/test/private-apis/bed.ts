import { UpdateRestApiCommand } from '@aws-sdk/client-api-gateway';
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  type CreateVpcEndpointCommandInput,
  EC2Client,
  ModifyVpcAttributeCommand,
  type VpcEndpoint,
} from '@aws-sdk/client-ec2';
import { CreateFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { Bed, type TestApi } from '../apigateway/support';
import { zip } from '../lambda/support';

/** What the function `caller` is told to send, and how it went. */
export interface Sent {
  url: string;
  headers?: Record<string, string>;
  method?: string;
  /** Whose certificate is asked for; by Node's client of the Host header's name. */
  servername?: string;
}

export interface Got {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** Node's code, where there was no answer. */
  error?: string;
}

/** Sends a request as a user's function does, with Node's own client. */
const CALLER = `
const https = require('node:https');
exports.handler = ({ url, headers = {}, method = 'GET', servername }) => new Promise((done) => {
  const request = https.request(url, { headers, method, servername, agent: false }, (response) => {
    const chunks = [];
    response.on('data', (chunk) => chunks.push(chunk));
    response.on('end', () => done({
      status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString(),
    }));
  });
  request.on('error', (error) => done({ error: error.code }));
  request.end();
});`;

export interface Network {
  vpc: string;
  subnet: string;
  /** Lets in everything from the VPC, as CDK's group of an endpoint does. */
  open: string;
  /** Lets nothing in. */
  closed: string;
}

/** VPCs with functions in them that call APIs. */
export class PrivateBed {
  private constructor(
    readonly bed: Bed,
    readonly ec2: EC2Client,
  ) {}

  static async start(options: Parameters<typeof Bed.start>[0] = {}): Promise<PrivateBed> {
    const bed = await Bed.start(options);
    return new PrivateBed(bed, bed.cloud.client(EC2Client));
  }

  async network(cidr: string): Promise<Network> {
    const { Vpc } = await this.ec2.send(new CreateVpcCommand({ CidrBlock: cidr }));
    const vpc = Vpc?.VpcId ?? '';
    await this.ec2.send(new ModifyVpcAttributeCommand({ VpcId: vpc, EnableDnsHostnames: { Value: true } }));
    const placed = await this.ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: cidr }));
    const group = async (name: string) => {
      const asked = { VpcId: vpc, GroupName: name, Description: name };
      return (await this.ec2.send(new CreateSecurityGroupCommand(asked))).GroupId ?? '';
    };
    const open = await group('open');
    const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: cidr }] }];
    await this.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: open, IpPermissions }));
    return { vpc, subnet: placed.Subnet?.SubnetId ?? '', open, closed: await group('closed') };
  }

  async endpoint(network: Network, more: Partial<CreateVpcEndpointCommandInput> = {}): Promise<VpcEndpoint> {
    const { VpcEndpoint } = await this.ec2.send(
      new CreateVpcEndpointCommand({
        VpcId: network.vpc,
        ServiceName: 'com.amazonaws.us-east-1.execute-api',
        VpcEndpointType: 'Interface',
        SubnetIds: [network.subnet],
        SecurityGroupIds: [network.open],
        ...more,
      }),
    );
    return VpcEndpoint ?? {};
  }

  /** A function that calls, in a VPC or outside of any. */
  async caller(FunctionName: string, network?: Network, groups = network && [network.closed]): Promise<void> {
    const VpcConfig = network && { SubnetIds: [network.subnet], SecurityGroupIds: groups };
    await this.bed.lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Role: this.bed.role,
        Timeout: 20,
        Code: { ZipFile: zip({ 'index.js': CALLER }) },
        VpcConfig,
      }),
    );
  }

  async send(FunctionName: string, sent: Sent): Promise<Got> {
    const Payload = Buffer.from(JSON.stringify(sent));
    const answer = await this.bed.lambda.send(new InvokeCommand({ FunctionName, Payload }));
    return JSON.parse(Buffer.from(answer.Payload ?? []).toString()) as Got;
  }

  async policy(api: TestApi, policy: object): Promise<void> {
    const patchOperations = [{ op: 'replace' as const, path: '/policy', value: JSON.stringify(policy) }];
    await this.bed.api.send(new UpdateRestApiCommand({ restApiId: api.id, patchOperations }));
  }

  stop(): Promise<void> {
    return this.bed.stop();
  }
}

/** A resource policy that lets in whoever meets the condition. */
export const allow = (Condition: object = {}, ...more: object[]) => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*', Condition },
    ...more,
  ],
});

export const urlOf = (api: TestApi, path = '/', before = api.id) =>
  `https://${before}.execute-api.us-east-1.amazonaws.com/prod${path}`;
