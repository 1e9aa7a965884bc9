import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { tracer } from '../observability';

/** As much of the document client as the stores use, so that a test can stand in for it. */
export type Documents = Pick<DynamoDBDocumentClient, 'send'>;

let shared: DynamoDBDocumentClient | undefined;

export function documents(): DynamoDBDocumentClient {
  shared ??= DynamoDBDocumentClient.from(tracer.captureAWSv3Client(new DynamoDBClient({})), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return shared;
}
