import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { season } from './shows';

/**
 * Puts the season on sale: `npm run seed -w @tierkit/app`. Where to is the environment's business, as for any
 * SDK client (AWS_ENDPOINT_URL, credentials, region). A show that is there already keeps its sales.
 */
async function main(): Promise<void> {
  const stackName = process.env.THEATRE_STACK ?? 'Theatre';
  const stacks = await new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName: stackName }));
  const table = stacks.Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'ShowsTable')?.OutputValue;
  if (!table) throw new Error(`The stack ${stackName} has no output ShowsTable: deploy it first`);

  const db = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const shows = season(new Date());
  const added = await Promise.all(
    shows.map(async (show) => {
      try {
        await db.send(
          new PutCommand({ TableName: table, Item: show, ConditionExpression: 'attribute_not_exists(id)' }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    }),
  );
  const count = added.filter(Boolean).length;
  console.log(`${count} shows added, ${shows.length - count} were there`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
