import { cognito } from '../authorizers/cognito';
import { iam } from '../authorizers/iam';
import { lambda } from '../authorizers/lambda';
import { routeOf, type Stage } from '../exchange';

const BY_TYPE: Readonly<Record<string, Stage>> = {
  AWS_IAM: iam,
  COGNITO_USER_POOLS: cognito,
  CUSTOM: lambda,
};

/**
 * Who may call, as the method says. Tests of a method ask nobody.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-test-method.html
 */
export const authorize: Stage = (exchange) => {
  if (exchange.testedBy) return;
  const { authorizationType = 'NONE' } = routeOf(exchange).method;
  return BY_TYPE[authorizationType]?.(exchange);
};
