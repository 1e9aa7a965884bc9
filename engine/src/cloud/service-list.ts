import { AwsError, type ServiceName } from '../kernel';

/** As LocalStack refuses what SERVICES leaves out. Calls that services make themselves are not concerned. */
export function checkEnabled(name: ServiceName, enabled: ReadonlySet<ServiceName> | undefined): void {
  if (!enabled || enabled.has(name)) return;
  throw new AwsError(
    'InternalFailure',
    `Service '${name}' is not enabled. Please check your 'SERVICES' configuration variable.`,
    { status: 501 },
  );
}
