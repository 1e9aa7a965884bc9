import type { Access, AccessReport } from '../cloud/access';
import type { Granted, GrantUse } from '../identity/decisions';
import { cdkStatements } from './cdk';
import type { EngineCard } from './engine-card';
import { CliError } from './errors';
import { shortName } from './explain';

/** Asks a running engine what roles used, and what of their grants they did not. */
export async function fetchAccess(engine: EngineCard, role: string | undefined): Promise<Access> {
  const query = role === undefined ? '' : `?role=${encodeURIComponent(role)}`;
  const response = await fetch(`${engine.endpoint}/_tierkit/access${query}`);
  const access = (await response.json()) as Access;
  if (role !== undefined && access.reports.length === 0)
    throw new CliError(`No role or user ${role} is known. \`tierkit access\` lists them.`);
  return access;
}

/** Begins to count anew, e.g. before a test run. */
export async function forgetUses(engine: EngineCard): Promise<void> {
  await fetch(`${engine.endpoint}/_tierkit/access/forget`, {
    method: 'POST',
    headers: { 'x-tierkit': 'cli' },
  });
}

/** With `detailed` each role in full, else a line each. */
export function formatAccess({ iam, reports }: Access, detailed: boolean): string {
  const off = iam === 'off' ? ['The engine runs with --iam off: nothing is counted.'] : [];
  if (detailed) return [...off, ...reports.map(full)].join('\n\n');
  const used = reports.filter((report) => report.used.length + report.refused.length > 0);
  const idle = reports.length - used.length;
  return [
    ...off,
    ...used.map(line),
    ...(used.length === 0 ? ['No role was used since counting began.'] : []),
    ...(idle > 0 ? [`${idle} more ${idle === 1 ? 'was' : 'were'} never used.`] : []),
    ...(used.length > 0
      ? ['tierkit access --role NAME (or a part of it) shows one, and the smallest policy.']
      : []),
  ].join('\n');
}

function line({ arn, used, refused, granted }: AccessReport): string {
  const actions = new Set(used.map(({ action }) => action)).size;
  const idle = granted.flatMap((grant) => grant.actions).filter(isIdle).length;
  const parts = [
    `${actions} ${actions === 1 ? 'action' : 'actions'} used`,
    `${idle} granted and never used`,
    ...(refused.length > 0 ? [`${refused.length} refused`] : []),
  ];
  return `${shortName(arn)}  ${parts.join(', ')}`;
}

function full(report: AccessReport): string {
  const { arn, exists, used, refused, granted, smallest, unseen } = report;
  const section = (title: string, lines: string[]) =>
    lines.length > 0 ? ['', `  ${title}`, ...lines.map((text) => `    ${text}`)] : [];
  return [
    exists ? arn : `${arn} (is no more)`,
    ...section('Used', used.length > 0 ? used.map(usedLine) : ['nothing since counting began']),
    ...section(
      'Refused',
      refused.map(
        ({ action, resource, count, requestId, outcome }) =>
          `${action} on ${resource}, ${times(count)}${outcome === 'refused' ? '' : ' (by AWS; here it was let through)'}: tierkit explain ${requestId}`,
      ),
    ),
    ...section('Granted', granted.flatMap(grantLines)),
    ...(smallest.length > 0
      ? ['', '  The smallest policy that would have sufficed', cdkStatements(smallest, '    ')]
      : []),
    ...(unseen.length > 0
      ? [
          '',
          '  Granted too, and perhaps needed on AWS, where the engine cannot see it',
          cdkStatements(unseen, '    '),
        ]
      : []),
  ].join('\n');
}

function usedLine({ action, resource, count, own }: AccessReport['used'][number]): string {
  return `${action} on ${resource}, ${times(count)}${own ? '' : ', by the resource’s own policy'}`;
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

const isIdle = ({ used, unseen }: Granted): boolean => used.length === 0 && !unseen;

function grantLines({ policy, statement, actions, resources }: GrantUse): string[] {
  const head = `statement ${statement} of ${policy}`;
  const idle = actions.filter(isIdle).map(({ name }) => name);
  const idleResources = resources.filter(({ used }) => used.length === 0).map(({ name }) => name);
  if (actions.every((action) => action.used.length === 0)) {
    return idle.length > 0 ? [`${head}: never used: ${idle.join(', ')}`] : [];
  }
  const wide = actions.filter(({ name, used }) => used.length > 0 && /[*?]|^all but/.test(name));
  const lines = [
    ...(idle.length > 0 ? [`  never used: ${idle.join(', ')}`] : []),
    ...wide.map(({ name, used }) => `  of ${name} only ${used.join(', ')}`),
    ...(idleResources.length > 0 ? [`  never on: ${idleResources.join(', ')}`] : []),
  ];
  return [lines.length > 0 ? `${head}:` : `${head}: all of it is used`, ...lines];
}
