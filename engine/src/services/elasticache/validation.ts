import { AwsError, notImplemented } from '../../kernel';

/** Versions ElastiCache offers; the machine's own Valkey or Redis serves them all (docs/parity.md). */
const VERSIONS: Record<string, readonly string[]> = {
  valkey: ['7.2', '8.0', '8.1', '8.2', '9.0'],
  redis: ['6.2', '7.0', '7.1'],
};

export function checkIdentifier(what: string, id: string, longest: number): void {
  if (!/^[A-Za-z](?:-?[A-Za-z0-9])*$/.test(id) || id.length > longest) {
    throw new AwsError(
      'InvalidParameterValue',
      `The parameter ${what} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
    );
  }
}

/** The version and parameter group an engine gets. */
export function resolveEngine(
  engine = 'redis',
  version?: string,
): { engine: string; version: string; family: string } {
  if (engine === 'memcached') throw notImplemented("ElastiCache engine 'memcached'");
  const offered = VERSIONS[engine];
  if (!offered) throw new AwsError('InvalidParameterValue', `Invalid cache engine: ${engine}`);
  const found =
    version === undefined
      ? offered.at(-1)!
      : offered.find(
          (one) => version === one || version.startsWith(`${one}.`) || one.startsWith(`${version}.`),
        );
  if (!found)
    throw new AwsError('InvalidParameterCombination', `Cannot find version ${version} for ${engine}`);
  const major = found.split('.')[0]!;
  return {
    engine,
    version: found,
    family: engine === 'redis' && major === '6' ? 'redis6.x' : `${engine}${major}`,
  };
}

export function checkNodeType(type: string | undefined): void {
  if (!type)
    throw new AwsError(
      'InvalidParameterValue',
      'The parameter CacheNodeType must be provided and must not be blank.',
    );
  if (!/^cache\.[a-z0-9]+\.[a-z0-9]+$/.test(type))
    throw new AwsError('InvalidParameterValue', `Invalid cache node type: ${type}`);
}

/** https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html */
export function checkAuthToken(token: string | undefined, tls: boolean): void {
  if (token === undefined) return;
  if (!tls)
    throw new AwsError(
      'InvalidParameterCombination',
      'Invalid AuthToken provided. AuthToken is only supported when encryption-in-transit is enabled.',
    );
  if (token.length < 16 || token.length > 128 || /[/"@ ]/.test(token) || !/^[\x21-\x7e]+$/.test(token)) {
    throw new AwsError(
      'InvalidParameterValue',
      'Invalid AuthToken provided. The password must be at least 16 characters long and contain no @, " or / characters.',
    );
  }
}

/** Refuses by name what would otherwise be accepted and ignored; off-values say no more than leaving it out. */
export function refuseOthers(operation: string, input: object, implemented: ReadonlySet<string>): void {
  for (const [member, value] of Object.entries(input)) {
    const off =
      value === undefined ||
      value === false ||
      value === 0 ||
      value === '' ||
      (Array.isArray(value) && value.length === 0);
    if (!off && !implemented.has(member)) throw notImplemented(`elasticache:${operation} ${member}`);
  }
}
