import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Api } from './api';
import { Data } from './data';
import { Migration } from './migration';
import { Network } from './network';
import { outputs } from './outputs';
import { Site } from './site';

export class TheatreStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);
    const network = new Network(this, 'Network');
    const data = new Data(this, 'Data', { network });
    const migration = new Migration(this, 'Migration', { network, data });
    const api = new Api(this, 'Api', { network, data, migration });
    const site = new Site(this, 'Site', { api: api.restApi });
    outputs(this, { data, api, site });
  }
}
