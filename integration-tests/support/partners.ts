import { APIGatewayClient, GetApiKeyCommand } from '@aws-sdk/client-api-gateway';
import { deployment, output } from './deployment';

let key: Promise<string> | undefined;

/** The partners' API key, as an operator looks it up for them. */
export function partnersKey(): Promise<string> {
  key ??= lookUp();
  return key;
}

async function lookUp(): Promise<string> {
  const client = new APIGatewayClient(deployment().clientConfig);
  const asked = new GetApiKeyCommand({ apiKey: output('PartnersKeyId'), includeValue: true });
  const { value } = await client.send(asked).finally(() => client.destroy());
  if (!value) throw new Error('The API key has no value');
  return value;
}
