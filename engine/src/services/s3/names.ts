import type { Call } from '../../kernel';
import { s3Error } from './errors';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export function checkBucketName(name: string): void {
  const valid =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3|-an)$/.test(name);
  if (!valid) {
    throw s3Error('InvalidBucketName', 400, 'The specified bucket is not valid.', { BucketName: name });
  }
}

const REGIONS = new Set(
  (
    'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ' +
    'ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ' +
    'ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 ' +
    'eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-2 us-west-1 us-west-2'
  ).split(' '),
);

/** The region a new bucket gets. us-east-1 has no location constraint, and takes buckets for all others. */
export function bucketRegion(call: Call, constraint: string | undefined): string {
  if (call.region === 'us-east-1') {
    if (!constraint) return call.region;
    if (constraint === 'EU') return 'eu-west-1';
    if (REGIONS.has(constraint)) return constraint;
    throw s3Error('InvalidLocationConstraint', 400, 'The specified location-constraint is not valid', {
      LocationConstraint: constraint,
    });
  }
  if (constraint === call.region || (constraint === 'EU' && call.region === 'eu-west-1')) return call.region;
  throw s3Error(
    'IllegalLocationConstraintException',
    400,
    `The ${constraint || 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}
