import { AwsError } from '../../kernel';

export const invalidValue = (message: string) =>
  new AwsError('InvalidParameterValueException', message, { status: 400 });

export const invalidCombination = (message: string) =>
  new AwsError('InvalidParameterCombinationException', message, { status: 400 });

export const missingParameter = (message: string) =>
  new AwsError('MissingRequiredParameterException', message, { status: 400 });

export const validationError = (message: string) =>
  new AwsError('ValidationException', message, { status: 400 });

export const invalidToken = () => new AwsError('InvalidNextToken', 'Invalid nextToken', { status: 400 });
