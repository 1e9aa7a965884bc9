import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';

const dynamo = new DynamoDBClient({});

/** GET /items/{id}: what most functions of such systems do. */
export async function handler(event: { pathParameters?: { id?: string } | null }) {
  const { Item } = await dynamo.send(
    new GetItemCommand({
      TableName: process.env.TABLE_NAME,
      Key: { id: { S: event.pathParameters?.id ?? '' } },
    }),
  );
  return {
    statusCode: Item ? 200 : 404,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(Item ?? {}),
  };
}
