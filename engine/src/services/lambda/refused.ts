import { notImplemented } from '../../kernel';

/** Members that would change how a function runs and are not implemented: refused by name when they are used. */
export function refuseMembers(operation: string, input: object, members: readonly string[]): void {
  for (const member of members) {
    const value: unknown = (input as Record<string, unknown>)[member];
    if (value === undefined || value === null || value === '') continue;
    if (Array.isArray(value) && value.length === 0) continue;
    if (typeof value === 'object' && Object.values(value).every((each) => each === undefined || each === ''))
      continue;
    throw notImplemented(`Lambda ${operation} ${member}`);
  }
}

export const REFUSED = [
  'CodeSigningConfigArn',
  'FileSystemConfigs',
  'DeadLetterConfig',
  'CapacityProviderConfig',
  'DurableConfig',
  'TenancyConfig',
];

export function refuseSnapStart(snapStart: { ApplyOn?: string | undefined } | undefined): void {
  if (snapStart?.ApplyOn === 'PublishedVersions') throw notImplemented('Lambda SnapStart');
}
