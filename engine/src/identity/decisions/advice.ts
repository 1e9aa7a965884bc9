import type { Principal } from '../../kernel';
import type { Decided } from './decided';
import { literally } from './generalise';
import type { Grant } from './smallest';

/** Whom a resource's policy has to name. */
export interface Grantee {
  kind: 'arn' | 'service' | 'provider' | 'everybody';
  name: string;
  sourceArn?: string;
}

/** What would let a refused caller in. */
export interface Advice {
  /** Where the statement goes, or what stands in the way. */
  text: string;
  /** The statement; left out where one denies. */
  grant?: Grant & { grantee?: Grantee };
  /** What it may run into next. */
  note?: string;
}

/** What to do about a refusal; undefined where there was none. */
export function adviceFor(decided: Decided): Advice | undefined {
  const { decision, action, resource, caller } = decided;
  if (decision.allowed) return undefined;
  if ('explicit' in decision) {
    const { statement, policy } = decision.explicit;
    return {
      text: `Narrow or remove statement ${statement.sid || statement.index} of ${policy.name}: a denial wins over whatever allows.`,
    };
  }
  const grant = { actions: [action], resources: [literally(resource)] };
  switch (decision.missing) {
    case 'identity':
      return { text: `Add to the policies of ${owner(caller)}:`, grant, ...foreign(decided) };
    case 'boundary':
      return { text: `Add to the permissions boundary, ${decided.layers.boundary?.name}:`, grant };
    case 'session':
      return { text: 'Add to the policy that the session was begun with:', grant };
    case 'endpoint':
      return {
        text: `Add to the policy of the VPC endpoint ${decided.layers.endpoint?.name}:`,
        grant: { ...grant, grantee: { kind: 'everybody', name: '*' } },
      };
    case 'resource': {
      const what = action.startsWith('sts:')
        ? `the trust policy of ${resource}`
        : `the policy of ${resource}`;
      const grantee = granteeOf(caller);
      return { text: `Add to ${what}:`, grant: { ...grant, grantee }, ...noOwn(decided), ...open(decided) };
    }
  }
}

function owner(caller: Principal): string {
  if (caller.roleArn) return `the role ${caller.roleArn.slice(caller.roleArn.lastIndexOf('/') + 1)}`;
  return caller.type === 'user'
    ? `the user ${caller.arn.slice(caller.arn.lastIndexOf('/') + 1)}`
    : caller.arn;
}

/** Another account's resource has to let in besides; so has one whose policy must allow. */
function foreign({ caller, side }: Decided): { note?: string } {
  return caller.account === side.account
    ? {}
    : { note: `The resource belongs to account ${side.account}: its policy must allow it too.` };
}

function noOwn({ caller, side }: Decided): { note?: string } {
  if (caller.account === side.account || caller.type === 'service' || caller.type === 'anonymous') return {};
  return {
    note: `The resource belongs to account ${side.account}: the caller’s own policies must allow it too.`,
  };
}

/** What may shut a bucket whose policy lets everybody in. */
function open({ caller, action }: Decided): { note?: string } {
  return caller.type === 'anonymous' && action.startsWith('s3:')
    ? {
        note: 'The request was not signed. Block Public Access of the bucket or the account may stand in the way.',
      }
    : {};
}

function granteeOf(caller: Principal): Grantee {
  if (caller.type === 'anonymous') return { kind: 'everybody', name: '*' };
  if (caller.type === 'service') {
    const sourceArn = caller.source?.sourceArn;
    return { kind: 'service', name: caller.arn, ...(sourceArn === undefined ? {} : { sourceArn }) };
  }
  if (caller.type === 'federated') return { kind: 'provider', name: caller.session?.provider ?? caller.arn };
  return { kind: 'arn', name: caller.roleArn ?? caller.arn };
}
