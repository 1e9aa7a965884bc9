import { conforms } from './conformance';

const SEEDS = ['1'];

for (const service of ['lambda', 'apigateway', 'apigatewayv2', 's3', 'cloudfront', 'xray'])
  conforms(service, SEEDS);
