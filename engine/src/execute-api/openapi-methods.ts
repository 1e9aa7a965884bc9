const ANY_KEY = 'x-amazon-apigateway-any-method';

const METHODS = new Map([
  ...['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH'].map(
    (method) => [method.toLowerCase(), method] as const,
  ),
  [ANY_KEY, 'ANY'] as const,
]);

/**
 * The method that a key of a definition's path stands for; undefined where it stands for something else.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-any-method.html
 */
export const methodOfKey = (key: string): string | undefined => METHODS.get(key);

export const keyOfMethod = (method: string): string => (method === 'ANY' ? ANY_KEY : method.toLowerCase());
