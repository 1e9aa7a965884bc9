import type { Dispatcher, Request } from '../gateway/dispatch';
import type { Identity } from '../identity';

/** The qualifier of CDK's default bootstrap: its roles, bucket and parameter carry it. */
const QUALIFIER = 'hnb659fds';

/**
 * CDK's bootstrap stack is there from the start, in every account and region, without `cdk bootstrap`: it is made
 * when something first looks for it, so that an engine that is not used with CDK never pays for it.
 */
export function bootstrapBefore(
  dispatcher: Dispatcher,
  identity: Identity,
  request: Request,
): Promise<void> | undefined {
  if (!looksForBootstrap(request)) return undefined;
  const { account, region } = request;
  return dispatcher.memo(`bootstrap:${account}:${region}`, async () => {
    const { ensureBootstrap } = await import('../templates/bootstrap');
    await ensureBootstrap(dispatcher.host(identity.root(account), account, region), account, region);
  });
}

function looksForBootstrap({ service, operation, input }: Request): boolean {
  switch (service) {
    case 'cloudformation':
      return true;
    case 's3':
      return operation === 'ListBuckets' || ('Bucket' in input && String(input.Bucket).includes(QUALIFIER));
    case 'ssm':
      return 'Name' in input && String(input.Name).startsWith('/cdk-bootstrap/');
    case 'sts':
      return 'RoleArn' in input && String(input.RoleArn).includes(`cdk-${QUALIFIER}`);
    case 'iam':
      return 'RoleName' in input && String(input.RoleName).includes(`cdk-${QUALIFIER}`);
    case 'ecr':
      return JSON.stringify(input).includes(QUALIFIER);
    default:
      return false;
  }
}
