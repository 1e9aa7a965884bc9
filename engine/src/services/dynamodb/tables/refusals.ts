import type { StreamSpecification } from '@aws-sdk/client-dynamodb';
import { notImplemented } from '../../../kernel';
import { invalidParameter } from '../errors';

/** Refuses, by name, what of a request nothing here would do. */
export function refuseMissing(operation: string, input: object, names: readonly string[]): void {
  for (const name of names) {
    if ((input as Record<string, unknown>)[name] !== undefined) {
      throw notImplemented(`DynamoDB ${operation} ${name}`);
    }
  }
}

/** There are no streams yet; saying that there shall be none is fine. */
export function refuseStream(operation: string, stream: StreamSpecification | undefined): void {
  if (stream?.StreamEnabled)
    throw notImplemented(`DynamoDB ${operation} StreamSpecification (DynamoDB Streams)`);
  if (stream?.StreamViewType) {
    throw invalidParameter('StreamViewType must not be specified when StreamEnabled is false');
  }
}
