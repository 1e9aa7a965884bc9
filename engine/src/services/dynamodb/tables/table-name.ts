import { invalid } from '../errors';

const PATTERN = '[a-zA-Z0-9_.-]+';
const NAME = new RegExp(`^${PATTERN}$`);
const MOST = 255;

/**
 * AWS's model lets a table's ARN stand for its name, and so no longer says what a name may be: AWS still checks it.
 * `path` is where in the request the name stands.
 */
export function checkTableName(name: string, path = 'tableName', least = 1): void {
  if (name.startsWith('arn:')) return;
  const constraint =
    name.length < least
      ? `Member must have length greater than or equal to ${least}`
      : name.length > MOST
        ? `Member must have length less than or equal to ${MOST}`
        : NAME.test(name)
          ? undefined
          : `Member must satisfy regular expression pattern: ${PATTERN}`;
  if (constraint === undefined) return;
  throw invalid(
    `1 validation error detected: Value '${name}' at '${path}' failed to satisfy constraint: ${constraint}`,
  );
}
