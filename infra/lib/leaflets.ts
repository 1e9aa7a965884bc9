import { Stack } from 'aws-cdk-lib';
import { AwsIntegration, type IResource, type MethodOptions } from 'aws-cdk-lib/aws-apigateway';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acceptWildcards } from './nag';
import { problemTemplate } from './refusals';

interface LeafletsProps {
  bucket: Bucket;
  /** Below which the leaflets lie in the bucket, without a slash at its end. */
  prefix: string;
  siteOrigin: string;
}

const PASSED_ON = ['Content-Type', 'Cache-Control', 'ETag', 'Last-Modified'];

/**
 * What is printed once a season comes from S3 by API Gateway’s own hand; no function is started for it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/integrating-api-with-aws-services-s3.html
 */
export class Leaflets extends Construct {
  readonly #props: LeafletsProps;
  readonly #role: Role;

  constructor(scope: Construct, id: string, props: LeafletsProps) {
    super(scope, id);
    this.#props = props;
    this.#role = new Role(this, 'Role', {
      description: 'API Gateway reads the leaflets of the theatre',
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    });
    this.#role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:GetObject'],
        resources: [props.bucket.arnForObjects(`${props.prefix}/*`)],
      }),
    );
    this.#accept();
  }

  /** A prefix is a wildcard to cdk-nag. */
  #accept(): void {
    const { bucket, prefix } = this.#props;
    const name = Stack.of(this).getLogicalId(bucket.node.defaultChild as CfnBucket);
    acceptWildcards(this.#role, 'Whatever lies among the leaflets is for everybody.', [
      `Resource::<${name}.Arn>/${prefix}/*`,
    ]);
  }

  /** GET of one leaflet: the one named, or the one that the resource's parameter `file` names. */
  serve(resource: IResource, file?: string): void {
    const { bucket, prefix } = this.#props;
    const mapped = { 'integration.request.path.file': 'method.request.path.file' };
    const integration = new AwsIntegration({
      service: 's3',
      integrationHttpMethod: 'GET',
      path: `${bucket.bucketName}/${prefix}/${file ?? '{file}'}`,
      options: {
        credentialsRole: this.#role,
        requestParameters: file === undefined ? mapped : {},
        integrationResponses: this.#responses(),
      },
    });
    resource.addMethod('GET', integration, {
      requestParameters: file === undefined ? { 'method.request.path.file': true } : {},
      methodResponses: this.#methodResponses(),
    });
  }

  #responses() {
    const header = (name: string) => `method.response.header.${name}`;
    const everywhere = { [header('Access-Control-Allow-Origin')]: `'${this.#props.siteOrigin}'` };
    const problem = (
      status: number,
      selectionPattern: string,
      told: { problem: string; title: string; detail: string },
    ) => ({
      statusCode: String(status),
      selectionPattern,
      responseParameters: { ...everywhere, [header('Content-Type')]: "'application/problem+json'" },
      responseTemplates: {
        'application/json': problemTemplate({ ...told, status, detail: JSON.stringify(told.detail) }),
      },
    });
    const passed = PASSED_ON.map((name) => [header(name), `integration.response.header.${name}`]);
    return [
      { statusCode: '200', responseParameters: { ...everywhere, ...Object.fromEntries(passed) } },
      // Who may not list a bucket is answered 403 by S3 for what is not in it.
      problem(404, '40[34]', {
        problem: 'not-found',
        title: 'Not found',
        detail: 'There is no such leaflet.',
      }),
      problem(502, '[35]\\d\\d|4(?!0[34])\\d\\d', {
        ...{ problem: 'internal', title: 'Something went wrong on our side' },
        detail: 'The leaflet could not be fetched.',
      }),
    ];
  }

  #methodResponses(): MethodOptions['methodResponses'] {
    const declared = (names: string[]) =>
      Object.fromEntries(names.map((name) => [`method.response.header.${name}`, false]));
    const origin = 'Access-Control-Allow-Origin';
    return [
      { statusCode: '200', responseParameters: declared([origin, ...PASSED_ON]) },
      ...['404', '502'].map((statusCode) => ({
        statusCode,
        responseParameters: declared([origin, 'Content-Type']),
      })),
    ];
  }
}
