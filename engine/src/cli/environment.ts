/** Variables that would lead a tool elsewhere, and must not be set beside ours. */
const MISLEADING = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_CA_BUNDLE'];

/** The variables with which cdk, cdklocal, the AWS CLI, SDKs and boto3 reach the engine, offline. */
export function engineEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    // cdklocal asks for it beside the first; an address instead of a name makes clients use path style.
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
  };
}

/** This process's environment, turned to the engine. */
export function towardsEngine(endpoint: string): NodeJS.ProcessEnv {
  const environment = { ...process.env, ...engineEnvironment(endpoint) };
  for (const name of MISLEADING) delete environment[name as keyof typeof environment];
  return environment;
}

/** This process's environment without anything that leads to an engine. */
export function towardsAws(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  delete environment.AWS_ENDPOINT_URL;
  delete environment.AWS_ENDPOINT_URL_S3;
  return environment;
}

/** Shell lines for `eval`. */
export function exportLines(endpoint: string): string {
  const set = Object.entries(engineEnvironment(endpoint)).map(([name, value]) => `export ${name}=${value}`);
  return [`unset ${MISLEADING.join(' ')}`, ...set].join('\n');
}
