import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  PriceClass,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import type { Gateway } from './gateway';
import { logGroup } from './handler';
import { accept, acceptWildcards, BASIC_EXECUTION } from './nag';
import { leafletFiles, siteFiles } from './paths';

/** Below which the bucket holds what the API serves by itself. */
export const LEAFLETS = 'leaflets';

/** The built site in a private bucket behind CloudFront, which hands /api/* on to the API: one origin, no CORS. */
export class Site extends Construct {
  readonly bucket: Bucket;
  readonly distribution: Distribution;
  /** As browsers send it: the only one that may call the API from a page. */
  readonly origin: string;

  constructor(scope: Construct, id: string, { gateway }: { gateway: Gateway }) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    });
    this.distribution = new Distribution(this, 'Distribution', {
      comment: 'The theatre',
      defaultRootObject: 'index.html',
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(this.bucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        compress: true,
      },
      additionalBehaviors: {
        '/api/*': {
          // /api/shows here is /v1/api/shows there. By the API's id, not by its stage as RestApiOrigin has it: that
          // has to wait for methods, which have to wait for the name of this distribution.
          origin: new HttpOrigin(gateway.domainName, {
            originPath: gateway.path,
            protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
          }),
          viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
          allowedMethods: AllowedMethods.ALLOW_ALL,
          cachePolicy: CachePolicy.CACHING_DISABLED,
          // API Gateway finds the API by the host name, so the viewer's must not be sent.
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        },
      },
      // S3 answers 403 for a key that is not there to whoever may not list the bucket: any path of the site is
      // the page. These answers hold for every behaviour, so 404, which the API uses, must not be among them.
      errorResponses: [
        {
          httpStatus: 403,
          responseHttpStatus: 200,
          responsePagePath: '/index.html',
          ttl: Duration.seconds(0),
        },
      ],
    });
    this.origin = `https://${this.distribution.distributionDomainName}`;
    this.#deploy();
    this.#accept();
  }

  /** Files with a hash in their name may be kept for ever, the page that names them must not be. */
  #deploy(): void {
    const files = Source.asset(siteFiles());
    const shared = {
      sources: [files],
      destinationBucket: this.bucket,
      logGroup: logGroup(this, 'DeploymentLogs'),
    };
    const assets = new BucketDeployment(this, 'Assets', {
      ...shared,
      exclude: ['index.html'],
      cacheControl: [CacheControl.fromString('public, max-age=31536000, immutable')],
      prune: false,
    });
    new BucketDeployment(this, 'Leaflets', {
      ...shared,
      sources: [Source.asset(leafletFiles)],
      destinationKeyPrefix: LEAFLETS,
      cacheControl: [CacheControl.maxAge(Duration.minutes(5))],
    }).node.addDependency(this.bucket);
    const page = new BucketDeployment(this, 'Page', {
      ...shared,
      exclude: ['*'],
      include: ['index.html'],
      cacheControl: [CacheControl.noCache()],
      prune: false,
      distribution: this.distribution,
      distributionPaths: ['/*'],
    });
    // A page never names a file that is not there yet, and nothing is in the bucket before that can empty it:
    // else a deployment that fails in between could not be rolled back.
    page.node.addDependency(assets);
    assets.node.addDependency(this.bucket);
    this.#acceptCopying(page);
  }

  /** The function that copies is CDK's, one for all deployments of the stack. */
  #acceptCopying(deployment: BucketDeployment): void {
    const copier = deployment.handlerRole.node.scope;
    const target = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnBucket);
    if (!copier) throw new Error('The role of a deployment belongs to its function');
    accept(copier, {
      [BASIC_EXECUTION]: 'CDK’s deployment function: it writes logs and copies.',
      'AwsSolutions-L1': 'CDK’s deployment function chooses its runtime.',
    });
    acceptWildcards(
      copier,
      'CDK grants its deployment function the asset and site buckets, and invalidation.',
      [
        ...['GetBucket*', 'GetObject*', 'List*', 'Abort*', 'DeleteObject*'].map(
          (action) => `Action::s3:${action}`,
        ),
        'Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*',
        `Resource::<${target}.Arn>/*`,
        'Resource::*',
      ],
    );
  }

  #accept(): void {
    accept(this.bucket, {
      'AwsSolutions-S1': 'Nothing but CloudFront reads it, and it holds what everybody may read.',
    });
    accept(this.distribution, {
      'AwsSolutions-CFR1': 'Guests come from everywhere.',
      'AwsSolutions-CFR2': 'A demo: no web ACL.',
      'AwsSolutions-CFR3': 'A demo: nobody would read the access log.',
      'AwsSolutions-CFR4':
        'The domain of CloudFront comes with its own certificate, whose protocols AWS sets.',
    });
  }
}
