import type { ApiMapping } from '@aws-sdk/client-apigatewayv2';
import { type Call, type Input, isAwsError, type OperationName, type Output } from '../../../kernel';
import { notFound } from '../errors';

/**
 * Custom domains are one thing with two faces: HTTP APIs' operations see what REST APIs' made, and the other way
 * around. They are kept where both can have them; who may do what was asked of this service.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
 */
export async function ofDomains<O extends OperationName<'apigatewayv2'>>(
  call: Call,
  operation: O,
  input: Input<'apigatewayv2', O>,
): Promise<Output<'apigatewayv2', O>> {
  try {
    const as = call.parts.identity.servicePrincipal('apigateway.amazonaws.com', call.account);
    return await call.invoke('apigatewayv2', operation, input, { as });
  } catch (error) {
    if (isAwsError(error) && /^The domain name resource/.test(error.message)) {
      throw notFound('Invalid domain name identifier specified');
    }
    throw error;
  }
}

/** All mappings of a domain. */
export async function mappingsOf(call: Call, domainName: string | undefined): Promise<ApiMapping[]> {
  const all: ApiMapping[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ofDomains(call, 'GetApiMappings', { DomainName: domainName, NextToken });
    all.push(...(page.Items ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return all;
}
