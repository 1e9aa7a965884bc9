/**
 * What a function's policy can let other accounts do.
 * https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-cross-account.html
 */
const SHARED = new Set([
  'CreateAlias',
  'DeleteAlias',
  'DeleteFunction',
  'DeleteFunctionConcurrency',
  'GetAlias',
  'GetFunction',
  'GetFunctionConfiguration',
  'GetPolicy',
  'Invoke',
  'InvokeWithResponseStream',
  'ListAliases',
  'ListTags',
  'ListVersionsByFunction',
  'PublishVersion',
  'PutFunctionConcurrency',
  'TagResource',
  'UntagResource',
  'UpdateAlias',
  'UpdateFunctionCode',
]);

const NAMED = /^(?:arn:[\w-]+:lambda:[\w-]+:)?(\d{12}):function:/;

/** The account of the function that a request names by its ARN. */
export function accountOf(operation: string, input: object): string | undefined {
  if (!SHARED.has(operation)) return undefined;
  const name: unknown = Reflect.get(input, 'FunctionName') ?? Reflect.get(input, 'Resource');
  return typeof name === 'string' ? NAMED.exec(name)?.[1] : undefined;
}
