import type { Operation } from '../../kernel';
import { checkEngine } from './validation';

/** What this engine can run: the Postgres it brings. */
export const describeDBEngineVersions: Operation<'rds', 'DescribeDBEngineVersions'> = async (input, call) => {
  if (input.Engine !== undefined) checkEngine(input.Engine);
  const version = await call.parts.servers.postgresVersion();
  const major = version.split('.')[0] ?? '';
  const family = `postgres${major}`;
  const asked = input.EngineVersion;
  if (asked !== undefined && asked !== version && asked !== major) return { DBEngineVersions: [] };
  if (input.DBParameterGroupFamily !== undefined && input.DBParameterGroupFamily !== family)
    return { DBEngineVersions: [] };
  return {
    DBEngineVersions: [
      {
        Engine: 'postgres',
        EngineVersion: version,
        MajorEngineVersion: major,
        DBParameterGroupFamily: family,
        DBEngineDescription: 'PostgreSQL',
        DBEngineVersionDescription: `PostgreSQL ${version}`,
        ValidUpgradeTarget: [],
        ExportableLogTypes: [],
        Status: 'available',
      },
    ],
  };
};
