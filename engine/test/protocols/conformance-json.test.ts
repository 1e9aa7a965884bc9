import { conforms } from './conformance';

const SEEDS = ['1'];

for (const service of [
  'dynamodb',
  'logs',
  'secretsmanager',
  'kms',
  'ssm',
  'ecr',
  'sqs',
  'cloudwatch',
  'wafv2',
]) {
  conforms(service, SEEDS);
}
conforms('cloudwatch', SEEDS, 'rpcv2Cbor');
