import { AwsError } from '../../kernel';

export const invalidRequest = (message: string) =>
  new AwsError('InvalidRequestException', message, { status: 400 });

export const invalidToken = () => invalidRequest('Invalid NextToken');
