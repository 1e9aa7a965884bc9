import type { CloudFormationCustomResourceEvent, Context } from 'aws-lambda';
import { type Database, database } from '../../shared/clients/postgres';
import { logger } from '../../shared/observability';
import { migrate } from './migrate';
import { type Migration, migrations, migrationsVersion } from './migrations';

/**
 * The custom resource that a deployment waits for: what it throws fails the deployment with its message.
 * https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.custom_resources-readme.html#provider-framework
 */
export function onEvent(db: () => Pick<Database, 'session'>, all: readonly Migration[]) {
  return async (event: CloudFormationCustomResourceEvent, context: Context) => {
    logger.addContext(context);
    const answer = { PhysicalResourceId: 'theatre-schema', Data: { Version: migrationsVersion(all) } };
    // The tables go with the database.
    if (event.RequestType === 'Delete') return answer;
    const applied = await db().session((sql) => migrate(sql, all));
    logger.info('migrated', { applied });
    return answer;
  };
}

// A change of a large table takes longer than a visitor would wait; the function's own time-out ends it.
export const handler = onEvent(() => database({ queryTimeoutMs: 240_000 }), migrations);
