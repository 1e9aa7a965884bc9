import {
  type Decided,
  type Grant,
  type GrantUse,
  grantUses,
  smallestPolicy,
  type Use,
  unseenGrants,
} from '../identity/decisions';
import { Policy } from '../identity/policies';
import type { NamedPolicy, Principal } from '../kernel';
import { type PolicyDocument, parsePolicy } from '../kernel/policy-document';
import { isServiceName } from '../services/registry';
import type { LocalCloud } from './local-cloud';

export interface UsedAction extends Use {
  action: string;
  resource: string;
}

export interface RefusedAction {
  action: string;
  resource: string;
  count: number;
  /** The last one, for `tierkit explain`. */
  requestId: string;
  outcome: Decided['outcome'];
}

/** What a role, or a user, may do and does. */
export interface AccessReport {
  arn: string;
  /** Whether it still exists; of one that is gone it is not known what it was granted. */
  exists: boolean;
  used: UsedAction[];
  refused: RefusedAction[];
  /** What its policies grant, statement by statement. */
  granted: GrantUse[];
  /** The statements that would have sufficed for what it used. */
  smallest: Grant[];
  /** The same as IAM takes it. */
  policy: PolicyDocument;
  /** What it is granted and may need on AWS, where the engine cannot see it used. */
  unseen: Grant[];
}

export interface Access {
  iam: string;
  reports: AccessReport[];
}

/** Reports on roles and users; on one, by its ARN, its name or a part of it, where it is given. */
export async function access(cloud: LocalCloud, wanted?: string): Promise<Access> {
  const existing = await principals(cloud);
  const refused = refusalsByPrincipal(cloud);
  const arns = new Set([...existing.keys(), ...cloud.decisions.uses.principals(), ...refused.keys()]);
  const chosen = wanted === undefined ? [...arns] : choose([...arns], wanted);
  const reports: AccessReport[] = [];
  for (const arn of chosen.sort()) {
    reports.push(await report(cloud, arn, existing.get(arn), refused.get(arn) ?? []));
  }
  return { iam: cloud.iam, reports };
}

function choose(arns: readonly string[], wanted: string): string[] {
  const exact = arns.filter((arn) => arn === wanted || arn.endsWith(`/${wanted}`));
  if (exact.length > 0) return exact;
  return arns.filter((arn) => arn.slice(arn.indexOf('/')).toLowerCase().includes(wanted.toLowerCase()));
}

/** The id of each role and user, by its ARN. */
async function principals(cloud: LocalCloud): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const account of new Set(cloud.database.scopes('iam').map((scope) => scope.account))) {
    const host = cloud.host('us-east-1', account);
    let Marker: string | undefined;
    do {
      const page = await host.invoke('iam', 'ListRoles', { Marker });
      for (const { Arn = '', RoleId = '' } of page.Roles ?? []) found.set(Arn, RoleId);
      Marker = page.Marker;
    } while (Marker);
    do {
      const page = await host.invoke('iam', 'ListUsers', { Marker });
      for (const { Arn = '', UserId = '' } of page.Users ?? []) found.set(Arn, UserId);
      Marker = page.Marker;
    } while (Marker);
  }
  return found;
}

function refusalsByPrincipal(cloud: LocalCloud): Map<string, Decided[]> {
  const found = new Map<string, Decided[]>();
  for (const decided of cloud.decisions.refusals()) {
    const { caller } = decided;
    const arn = caller.roleArn ?? (caller.type === 'user' ? caller.arn : undefined);
    if (arn === undefined) continue;
    const others = found.get(arn);
    if (others) others.push(decided);
    else found.set(arn, [decided]);
  }
  return found;
}

async function report(
  cloud: LocalCloud,
  arn: string,
  id: string | undefined,
  refused: readonly Decided[],
): Promise<AccessReport> {
  const known = await cloud.dispatcher.policiesOf(asPrincipal(cloud, arn, id));
  const policies = known.identity.map(compile);
  const uses = cloud.decisions.uses.of(arn);
  const used = Object.entries(uses).flatMap(([action, resources]) =>
    Object.entries(resources).map(([resource, use]) => ({ action, resource, ...use })),
  );
  const granted = grantUses(policies, uses, isServiceName);
  const smallest = smallestPolicy(uses);
  return {
    arn,
    exists: id !== undefined,
    used: used.sort((a, b) => (`${a.action} ${a.resource}` < `${b.action} ${b.resource}` ? -1 : 1)),
    refused: summed(refused),
    granted,
    smallest,
    policy: documentOf(smallest),
    unseen: unseenGrants(granted),
  };
}

const documentOf = (grants: readonly Grant[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: grants.map(({ actions, resources }) => ({
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
  })),
});

const compile = ({ name, text }: NamedPolicy): Policy => new Policy(name, parsePolicy(text, 'identity'));

/** Somebody of whom only the policies are asked for. */
function asPrincipal(cloud: LocalCloud, arn: string, id = ''): Principal {
  if (arn.includes(':role/')) return cloud.parts.identity.roleSession(arn, id, 'access');
  return { type: 'user', account: arn.split(':')[4] ?? '', arn, userId: id };
}

function summed(refused: readonly Decided[]): RefusedAction[] {
  const found = new Map<string, RefusedAction>();
  for (const { action, resource, requestId, outcome } of refused) {
    const key = `${action} ${resource}`;
    const count = (found.get(key)?.count ?? 0) + 1;
    found.set(key, { action, resource, count, requestId, outcome });
  }
  return [...found.values()];
}
