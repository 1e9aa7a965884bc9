import { isAwsError } from '../../kernel';
import { type Exchange, routeOf } from '../exchange';

/**
 * Whether the function's resource policy lets this API's method invoke it. The policy is asked for on every request,
 * so that a permission given or taken counts at once; only its parsed form is kept.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html#apigateway-permissions
 */
export async function mayInvoke(exchange: Exchange, functionArn: string): Promise<boolean> {
  const text = await policyOf(exchange, functionArn);
  if (text === undefined) return false;
  const source = sourceArn(exchange);
  return statementsOf(exchange, text).some((statement) =>
    allows(statement, source, exchange.deployed.account),
  );
}

async function policyOf(exchange: Exchange, functionArn: string): Promise<string | undefined> {
  const { deployed, host } = exchange;
  const [, , , region, account, , name, qualifier] = functionArn.split(':');
  try {
    const { Policy } = await host.invoke(
      'lambda',
      'GetPolicy',
      { FunctionName: name ?? functionArn, Qualifier: qualifier },
      {
        as: host.parts.identity.root(account ?? deployed.account),
        account: account ?? deployed.account,
        region: region ?? deployed.region,
      },
    );
    return Policy;
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

/** `arn:aws:execute-api:region:account:api/stage/METHOD/path`, with `*` for the path's variables. */
function sourceArn(exchange: Exchange): string {
  const { deployed, request } = exchange;
  const path = routeOf(exchange).resource.path.replace(/\{[^}]*\}/g, '*');
  const api = `${deployed.snapshot.apiId}/${deployed.stage.stageName}/${request.method}${path}`;
  return `arn:aws:execute-api:${deployed.region}:${deployed.account}:${api}`;
}

interface Statement {
  actions: readonly string[];
  effect: string;
  services: readonly string[];
  sourceArns: readonly RegExp[] | undefined;
  sourceAccounts: readonly string[] | undefined;
}

const list = (value: unknown): string[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);

function statementsOf(exchange: Exchange, text: string): readonly Statement[] {
  const parsed = exchange.host.memo('execute-api.policies', () => new Map<string, readonly Statement[]>());
  const known = parsed.get(text);
  if (known) return known;
  const policy = JSON.parse(text) as { Statement?: Record<string, unknown>[] };
  const statements = (policy.Statement ?? []).map(parseStatement);
  if (parsed.size > 1000) parsed.clear();
  parsed.set(text, statements);
  return statements;
}

function parseStatement(statement: Record<string, unknown>): Statement {
  const principal = statement.Principal;
  const services =
    typeof principal === 'object' && principal !== null
      ? list((principal as Record<string, unknown>).Service)
      : list(principal);
  const conditions = (statement.Condition ?? {}) as Record<string, Record<string, unknown>>;
  return {
    actions: list(statement.Action).map((action) => action.toLowerCase()),
    effect: String(statement.Effect),
    services,
    sourceArns: conditionOf(
      conditions,
      ['ArnLike', 'ArnEquals', 'StringLike', 'StringEquals'],
      'sourcearn',
    )?.map(glob),
    sourceAccounts: conditionOf(conditions, ['StringEquals', 'StringLike'], 'sourceaccount'),
  };
}

function conditionOf(
  conditions: Readonly<Record<string, Record<string, unknown>>>,
  operators: readonly string[],
  key: string,
): string[] | undefined {
  for (const operator of operators) {
    for (const [name, value] of Object.entries(conditions[operator] ?? {})) {
      if (name.toLowerCase() === `aws:${key}`) return list(value);
    }
  }
  return undefined;
}

function glob(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/\*/g, '.*').replace(/\?/g, '.')}$`);
}

function allows(statement: Statement, source: string, account: string): boolean {
  if (statement.effect !== 'Allow') return false;
  if (!statement.actions.some((action) => ['lambda:invokefunction', 'lambda:*', '*'].includes(action)))
    return false;
  if (!statement.services.some((service) => service === 'apigateway.amazonaws.com' || service === '*'))
    return false;
  if (statement.sourceAccounts && !statement.sourceAccounts.includes(account)) return false;
  return !statement.sourceArns || statement.sourceArns.some((pattern) => pattern.test(source));
}
