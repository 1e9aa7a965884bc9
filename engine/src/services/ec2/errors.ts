import { AwsError } from '../../kernel';

export function invalidValue(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}

export function missing(parameter: string): AwsError {
  return new AwsError('MissingParameter', `The request must contain the parameter ${parameter}`);
}

export function combination(message: string): AwsError {
  return new AwsError('InvalidParameterCombination', message);
}

export function limit(code: string, what: string): AwsError {
  return new AwsError(code, `The maximum number of ${what} has been reached.`);
}
