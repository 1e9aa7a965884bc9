const NAMED = /^arn:[\w-]+:secretsmanager:[\w-]+:(\d{12}):secret:/;

/**
 * The account of the secret that a request names by its ARN: its policy may let others in.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples_cross.html
 */
export function accountOf(_operation: string, input: object): string | undefined {
  const id: unknown = Reflect.get(input, 'SecretId');
  return typeof id === 'string' ? NAMED.exec(id)?.[1] : undefined;
}
