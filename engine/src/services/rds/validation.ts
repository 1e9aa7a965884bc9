import { AwsError, notImplemented } from '../../kernel';

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.Constraints */
export function checkIdentifier(what: string, identifier: string, maximum = 63): void {
  if (!/^[A-Za-z](?:-?[A-Za-z0-9])*$/.test(identifier) || identifier.length > maximum) {
    throw new AwsError(
      'InvalidParameterValue',
      `The parameter ${what} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
    );
  }
}

export function checkPassword(password: string): void {
  if (/[/@" ]/.test(password) || !/^[\x21-\x7e]*$/.test(password)) {
    throw new AwsError(
      'InvalidParameterValue',
      `The parameter MasterUserPassword is not a valid password. Only printable ASCII characters besides '/', '@', '"', ' ' may be used.`,
    );
  }
  if (password.length < 8) {
    throw new AwsError(
      'InvalidParameterValue',
      'The parameter MasterUserPassword is not a valid password because it is shorter than 8 characters.',
    );
  }
  if (password.length > 128) {
    throw new AwsError(
      'InvalidParameterValue',
      'The parameter MasterUserPassword is not a valid password because it is longer than 128 characters.',
    );
  }
}

/** Names that PostgreSQL on RDS keeps to itself. */
const RESERVED_USERS = new Set([
  'admin',
  'rdsadmin',
  'postgres_reserved',
  'rds_superuser',
  'rdsrepladmin',
  'rdstopmgr',
  'user',
  'public',
]);

export function checkUser(user: string): void {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,62}$/.test(user)) {
    throw new AwsError(
      'InvalidParameterValue',
      `The parameter MasterUsername must begin with a letter and contain only alphanumeric characters and underscores.`,
    );
  }
  if (RESERVED_USERS.has(user.toLowerCase())) {
    throw new AwsError(
      'InvalidParameterValue',
      `MasterUsername ${user} cannot be used as it is a reserved word used by the engine`,
    );
  }
}

export function checkDatabaseName(name: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name)) {
    throw new AwsError(
      'InvalidParameterValue',
      'DBName must begin with a letter and contain only alphanumeric characters.',
    );
  }
}

/** gp2 and gp3 take 20 GiB to 64 TiB. */
export function checkStorage(size: number): void {
  if (size < 20 || size > 65_536) {
    throw new AwsError(
      'InvalidParameterValue',
      `Invalid storage size for engine name postgres and storage type gp3: ${size}`,
    );
  }
}

/** The engine version an instance gets: the bundled Postgres serves its own major version. */
export function resolveVersion(requested: string | undefined, bundled: string): string {
  if (requested === undefined) return bundled;
  const [major, minor] = bundled.split('.').map(Number) as [number, number];
  const match = /^(\d+)(?:\.(\d+))?$/.exec(requested);
  if (!match)
    throw new AwsError('InvalidParameterCombination', `Cannot find version ${requested} for postgres`);
  if (Number(match[1]) !== major)
    throw notImplemented(`RDS for PostgreSQL ${requested} (this release brings ${bundled})`);
  if (match[2] !== undefined && Number(match[2]) > minor) {
    throw new AwsError('InvalidParameterCombination', `Cannot find version ${requested} for postgres`);
  }
  return match[2] === undefined ? bundled : requested;
}

export function checkEngine(engine: string | undefined): void {
  if (engine === 'postgres') return;
  const known =
    /^(aurora-(mysql|postgresql)|custom-.*|db2-(ae|se)|mariadb|mysql|oracle-.*|sqlserver-.*)$/.test(
      String(engine),
    );
  if (known) throw notImplemented(`RDS engine '${engine}'`);
  throw new AwsError('InvalidParameterValue', `Invalid DB engine: ${engine}`);
}
