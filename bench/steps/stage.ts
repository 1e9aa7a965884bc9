import { APIGatewayClient, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { clientOptions } from '../clients';

/** Changes settings of the API's stage: values by their paths. */
export async function setStage(
  endpoint: string,
  restApiId: string,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const client = new APIGatewayClient(clientOptions(endpoint));
  const patchOperations = Object.entries(settings).map(([path, value]) => ({
    op: 'replace' as const,
    path,
    value,
  }));
  try {
    await client.send(new UpdateStageCommand({ restApiId, stageName: 'prod', patchOperations }));
  } finally {
    client.destroy();
  }
}
