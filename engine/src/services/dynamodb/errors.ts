import { AwsError } from '../../kernel';

/** What DynamoDB says of nearly everything it refuses. */
export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** "One or more parameter values were invalid: …" */
export function invalidParameter(detail: string): AwsError {
  return invalid(`One or more parameter values were invalid: ${detail}`);
}
