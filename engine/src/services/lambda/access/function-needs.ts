import { arn, type Call, type Needed } from '../../../kernel';
import { statementsOf } from '../permissions';
import { lambdaStore } from '../store';

type Keys = NonNullable<Needed['keys']>;

export interface FunctionInput {
  FunctionName?: string | undefined;
  Qualifier?: string | undefined;
}

/**
 * A need on a function, or on the version or alias that the request names, as it names it: a grant on `f` does not
 * reach `f:live`, nor the other way about.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html#versioning-permissions
 */
export function onFunction(call: Call, action: string, input: FunctionInput, keys: Keys = {}): Needed {
  const { name, qualifier, account, region } = placed(call, input);
  const resource = arn(
    'lambda',
    region,
    account,
    `function:${name}${qualifier === undefined ? '' : `:${qualifier}`}`,
  );
  const here = account === call.account && region === call.region;
  const { functions, policies } = lambdaStore(call.store);
  return {
    action: `lambda:${action}`,
    resource,
    keys,
    tags: () => (here ? functions.get(name)?.tags : undefined),
    policy: { text: here ? policies.get([name, qualifier ?? ''])?.document : undefined, rule: 'sufficient' },
    owner: account,
  };
}

/** The function as a whole, whatever of it the request names. */
export function onWholeFunction(call: Call, action: string, input: FunctionInput, keys: Keys = {}): Needed {
  const { name, account, region } = placed(call, input);
  return onFunction(call, action, { FunctionName: arn('lambda', region, account, `function:${name}`) }, keys);
}

/** A need on one statement of a function's policy: whom it is about counts. */
export function onStatement(
  call: Call,
  action: string,
  input: FunctionInput & { StatementId?: string | undefined },
): Needed {
  const { name, qualifier } = placed(call, input);
  const statements = statementsOf(lambdaStore(call.store).policies.get([name, qualifier ?? '']));
  const found = statements.find(({ Sid }) => Sid === input.StatementId)?.Principal;
  const [principal] = typeof found === 'object' && found !== null ? Object.values(found) : [found];
  return onFunction(call, action, input, {
    'lambda:Principal': typeof principal === 'string' ? principal : undefined,
  });
}

export function policyText(statements: readonly Record<string, unknown>[] | undefined): string | undefined {
  if (!statements?.length) return undefined;
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** The forms of a function's name: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
function placed(call: Call, { FunctionName: text = '', Qualifier }: FunctionInput) {
  const parts = text.split(':');
  const at = parts.indexOf('function');
  const [name = '', inName] = at >= 0 ? parts.slice(at + 1) : parts;
  return {
    name,
    qualifier: inName ?? Qualifier,
    account: (at > 0 && parts[at - 1]) || call.account,
    region: (parts[0] === 'arn' && parts[3]) || call.region,
  };
}
