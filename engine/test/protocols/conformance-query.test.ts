import { conforms } from './conformance';

const SEEDS = ['1'];

for (const service of ['sts', 'iam', 'cloudformation', 'rds', 'elasticache']) conforms(service, SEEDS);
conforms('cloudwatch', SEEDS, 'awsQuery');
