import { AwsError } from '../../kernel';

// Lambda's errors carry who is to blame besides code and message.
const USER = { members: { Type: 'User' } };

export const notFound = (message: string) =>
  new AwsError('ResourceNotFoundException', message, { status: 404, ...USER });

export const invalid = (message: string) =>
  new AwsError('InvalidParameterValueException', message, { status: 400, ...USER });

export const conflict = (message: string) =>
  new AwsError('ResourceConflictException', message, { status: 409, ...USER });

export const preconditionFailed = (call: 'GetFunction/GetAlias' | 'GetPolicy' | 'GetLayerPolicy') =>
  new AwsError(
    'PreconditionFailedException',
    `The Revision Id provided does not match the latest Revision Id. Call the ${call} API to retrieve the latest Revision Id`,
    { status: 412, ...USER },
  );

export const tooLarge = (message: string) =>
  new AwsError('RequestEntityTooLargeException', message, { status: 413, ...USER });
