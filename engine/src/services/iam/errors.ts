import { AwsError } from '../../kernel';

export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message, { status: 404 });
}

export function alreadyExists(message: string): AwsError {
  return new AwsError('EntityAlreadyExists', message, { status: 409 });
}

export function deleteConflict(message: string): AwsError {
  return new AwsError('DeleteConflict', message, { status: 409 });
}

export function limitExceeded(message: string): AwsError {
  return new AwsError('LimitExceeded', message, { status: 409 });
}

/** What IAM says where a list would grow over its quota. */
export function quotaExceeded(quota: string, value: number): AwsError {
  return limitExceeded(`Cannot exceed quota for ${quota}: ${value}`);
}

export function invalidInput(message: string): AwsError {
  return new AwsError('InvalidInput', message);
}

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

export function invalidMarker(): AwsError {
  return new AwsError('InvalidInput', 'Invalid Marker.');
}
