import { AwsError } from '../kernel';

/** What CloudFormation answers to a template or a request it does not accept. */
export function refuse(message: string): AwsError {
  return new AwsError('ValidationError', message, { status: 400 });
}
