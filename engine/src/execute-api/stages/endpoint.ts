import type { Exchange } from '../exchange';
import { forbidden } from '../faults';

/**
 * A private API answers at VPC endpoints alone, and nothing else answers there. An API may be closed for its default
 * endpoint, so that only custom domains reach it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html
 */
export function endpoint(exchange: Exchange): void {
  const { deployed, request, testedBy } = exchange;
  if (testedBy) return;
  const by = request.endpoint;
  if ((deployed.snapshot.endpointType === 'PRIVATE') !== (by !== undefined)) throw forbidden();
  if (by && by.region !== deployed.region) throw forbidden();
  // Only associated endpoints have a name for the API.
  if (by?.alias !== undefined && (by.alias !== by.id || !deployed.vpcEndpointIds?.includes(by.id))) {
    throw forbidden();
  }
  if (deployed.snapshot.disableExecuteApiEndpoint && DEFAULT_ENDPOINT.test(request.domainName))
    throw forbidden();
}

const DEFAULT_ENDPOINT = /\.execute-api\.[a-z0-9-]+(?:\.vpce)?\.amazonaws\.com$/;
