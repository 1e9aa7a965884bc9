import { Duration, Stack } from 'aws-cdk-lib';
import { EndpointType, type MethodDeploymentOptions, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { accept } from './nag';

const STAGE = 'v1';

/** For all methods, and for those that write: requests a second, and how many at once. */
const EVERYBODY = { throttlingRateLimit: 500, throttlingBurstLimit: 1000 };
const BUYERS = { throttlingRateLimit: 100, throttlingBurstLimit: 300 };

/**
 * The season is asked for by every visitor and changes with every sale. So it is kept for a moment only, and whoever
 * has just bought something asks for it under a key of their own (see `AFTER` in api.ts).
 */
const SEASON: MethodDeploymentOptions = {
  ...EVERYBODY,
  cachingEnabled: true,
  cacheTtl: Duration.seconds(5),
  cacheDataEncrypted: true,
};

export interface GatewayProps {
  /**
   * A cache cluster of 0.5 GB for the stage, which AWS bills by the hour ($0.02 in us-east-1), used or not.
   * `-c responseCache=false` does without. https://aws.amazon.com/api-gateway/pricing/
   */
  responseCache: boolean;
}

/**
 * The REST API and its stage, without its methods: those allow the site's origin, which is known only once there is
 * a distribution, which needs no more of the API than its id.
 */
export class Gateway extends Construct {
  readonly restApi: RestApi;
  /** Where CloudFront finds the stage. */
  readonly domainName: string;
  readonly path = `/${STAGE}`;

  constructor(scope: Construct, id: string, { responseCache }: GatewayProps) {
    super(scope, id);
    this.restApi = new RestApi(this, 'RestApi', {
      restApiName: 'theatre',
      description: 'Shows, tickets and venues',
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false,
      deployOptions: {
        stageName: STAGE,
        tracingEnabled: true,
        ...EVERYBODY,
        ...(responseCache ? { cacheClusterEnabled: true, cacheClusterSize: '0.5' } : {}),
        methodOptions: {
          // What a method says of itself stands in the place of all that is said of every method.
          '/api/tickets/POST': BUYERS,
          ...(responseCache ? { '/api/shows/GET': SEASON, '/api/shows/{id}/GET': SEASON } : {}),
        },
      },
    });
    const { region, urlSuffix } = Stack.of(this);
    this.domainName = `${this.restApi.restApiId}.execute-api.${region}.${urlSuffix}`;
    accept(this.restApi, {
      'AwsSolutions-APIG1':
        'Every function logs its requests with the request id; a second log would repeat it.',
      'AwsSolutions-APIG3': 'A demo: no web ACL.',
      'AwsSolutions-APIG4': 'A box office is open to everybody; there is nothing to log in to.',
      'AwsSolutions-APIG6':
        'Every function logs its requests with the request id; a second log would repeat it.',
      'AwsSolutions-COG4': 'A box office is open to everybody; there is nothing to log in to.',
    });
  }
}
