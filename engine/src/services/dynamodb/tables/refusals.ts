import type { StreamSpecification } from '@aws-sdk/client-dynamodb';
import { notImplemented } from '../../../kernel';
import { invalid, invalidParameter } from '../errors';

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

/** Members that AWS's model lets go without, since global tables can do without them; plain tables cannot. */
export function requireMembers(input: object, names: readonly string[]): void {
  const given = input as Record<string, unknown>;
  const gone = names.filter((name) => given[`${name[0]?.toUpperCase()}${name.slice(1)}`] === undefined);
  if (gone.length === 0) return;
  const errors = gone.map(
    (name) => `Value null at '${name}' failed to satisfy constraint: Member must not be null`,
  );
  const count = gone.length === 1 ? '1 validation error' : `${gone.length} validation errors`;
  throw invalid(`${count} detected: ${errors.join('; ')}`);
}
