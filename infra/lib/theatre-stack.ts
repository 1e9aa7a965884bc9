import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Api } from './api';
import { Data } from './data';
import { Gateway, type GatewayProps } from './gateway';
import { Migration } from './migration';
import { Network } from './network';
import { outputs } from './outputs';
import { Site } from './site';

export class TheatreStack extends Stack {
  constructor(scope: Construct, id: string, { responseCache, ...props }: StackProps & GatewayProps) {
    super(scope, id, props);
    const network = new Network(this, 'Network');
    const data = new Data(this, 'Data', { network });
    const migration = new Migration(this, 'Migration', { network, data });
    const gateway = new Gateway(this, 'Gateway', { responseCache });
    const site = new Site(this, 'Site', { gateway });
    const api = new Api(this, 'Api', { gateway, site, network, data, migration });
    outputs(this, { gateway, data, api, site });
  }
}
