import { App } from 'aws-cdk-lib';
import { bundle } from './bundle';
import { BenchStack } from './stack';

new BenchStack(new App(), 'bench', bundle());
