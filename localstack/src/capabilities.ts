/** What the running LocalStack says of itself. */
export interface Capabilities {
  version: string;
  edition: string;
  /** Any edition but the community's. */
  paid: boolean;
  /** Whether it makes resources of this CloudFormation type; those of others are placeholders there. */
  has(resourceType: string): boolean;
}

/** Asks a LocalStack for its edition and version, and, with the hook of `localstack/init`, for its providers. */
export async function capabilitiesOf(endpoint: string): Promise<Capabilities> {
  const info = (await get(endpoint, '/_localstack/info')) as
    | { version?: string; edition?: string }
    | undefined;
  if (!info?.edition || !info.version) {
    throw new Error(`${endpoint} is no LocalStack: /_localstack/info does not say an edition and a version`);
  }
  const { version, edition } = info;
  const paid = edition !== 'community';
  if (paid) return { version, edition, paid, has: () => true };
  const told = (await get(endpoint, '/_localstack/tierkit/resource-types')) as
    | { resourceTypes?: string[] }
    | undefined;
  if (!told?.resourceTypes) {
    throw new Error(
      `LocalStack at ${endpoint} does not say which resource types it has: mount localstack/init at /etc/localstack/init and start it again`,
    );
  }
  const types = new Set(told.resourceTypes);
  return { version, edition, paid, has: (resourceType) => types.has(resourceType) };
}

async function get(endpoint: string, path: string): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(endpoint + path, { signal: AbortSignal.timeout(10_000) });
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Error(`LocalStack does not answer at ${endpoint}: ${cause}`);
  }
  return response.ok ? response.json().catch(() => undefined) : undefined;
}
