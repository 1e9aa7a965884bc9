import { AwsError, notImplemented } from '../../kernel';

export const fail = (code: string, message: string, status = 400) => new AwsError(code, message, { status });

export const invalidArgument = (message: string) => fail('InvalidArgument', message);

export const notThere = (what: string, message: string) => fail(`NoSuch${what}`, message, 404);

export const refuse = (what: string) => notImplemented(`CloudFront ${what}`);

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/APIReference/API_UpdateDistribution.html */
export function checkVersion(current: string, ifMatch: string | undefined): void {
  if (ifMatch === undefined) {
    throw fail('InvalidIfMatchVersion', 'The If-Match version is missing or not valid for the resource.');
  }
  if (ifMatch !== current) {
    throw fail(
      'PreconditionFailed',
      "The request failed because it didn't meet the preconditions in one or more request-header fields.",
      412,
    );
  }
}
