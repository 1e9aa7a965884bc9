import { AwsError, type Call, type Operation } from '../../kernel';
import { conflict, invalid, notFound, preconditionFailed } from './errors';
import { parseFunctionName, resolveFunction } from './names';
import { lambdaStore, type Policy, versionKey } from './store';

/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_POLICY = 20_480;

type AddInput = Parameters<typeof addPermission>[0];

/** Whose policy is meant: of the function, a version or an alias. */
function policyOf(text: string, qualifier: string | undefined, call: Call) {
  const parsed = parseFunctionName(text, call, qualifier);
  if (parsed.qualifier === '$LATEST') {
    throw invalid('We currently do not support adding policies for $LATEST.');
  }
  const found = resolveFunction(text, call, qualifier);
  const key = [parsed.name, parsed.qualifier ?? ''];
  const store = lambdaStore(call.store);
  return {
    arn: found.arn,
    statements: statementsOf(store.policies.get(key)),
    revisionId: found.alias?.revisionId ?? found.version.revisionId,
    isAlias: found.alias !== undefined,
    /** The function's, version's or alias's revision moves on with its policy. */
    save(statements: Record<string, unknown>[]): void {
      store.transaction(() => {
        if (statements.length) store.policies.put(key, { document: documentOf(statements) });
        else store.policies.remove(key);
        const revisionId = call.ids.uuid();
        if (found.alias) store.aliases.put([parsed.name, found.alias.name], { ...found.alias, revisionId });
        else {
          const { functionName, version } = found.version;
          store.versions.put(versionKey(functionName, version), { ...found.version, revisionId });
        }
      });
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html */
export const addPermission: Operation<'lambda', 'AddPermission'> = (input, call) => {
  const policy = policyOf(input.FunctionName!, input.Qualifier, call);
  if (input.RevisionId !== undefined && input.RevisionId !== policy.revisionId) {
    throw preconditionFailed(policy.isAlias ? 'GetPolicy' : 'GetFunction/GetAlias');
  }
  if (policy.statements.some((statement) => statement.Sid === input.StatementId)) {
    throw conflict(
      `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
    );
  }
  const condition = conditionOf(input);
  const statement = {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: principalOf(input.Principal!),
    Action: input.Action,
    Resource: policy.arn,
    ...(Object.keys(condition).length ? { Condition: condition } : {}),
  };
  const statements = [...policy.statements, statement];
  const size = Buffer.byteLength(documentOf(statements));
  if (size > MAX_POLICY) {
    throw new AwsError(
      'PolicyLengthExceededException',
      `The final policy size (${size}) is bigger than the limit (${MAX_POLICY}).`,
      { status: 400, members: { Type: 'User' } },
    );
  }
  policy.save(statements);
  return { Statement: JSON.stringify(statement) };
};

function principalOf(principal: string): unknown {
  if (principal === '*') return '*';
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  if (principal.startsWith('arn:')) return { AWS: principal };
  if (/^[a-z0-9.-]+\.(amazonaws\.com|amazon\.com)(\.cn)?$/.test(principal)) return { Service: principal };
  throw invalid('The provided principal was invalid. Please check the principal and try again.');
}

function conditionOf(input: AddInput): Record<string, Record<string, string>> {
  const condition: Record<string, Record<string, string>> = {};
  const put = (operator: string, key: string, value: string | undefined) => {
    if (value !== undefined) condition[operator] = { ...condition[operator], [key]: value };
  };
  put('StringEquals', 'lambda:FunctionUrlAuthType', input.FunctionUrlAuthType);
  put('StringEquals', 'lambda:EventSourceToken', input.EventSourceToken);
  put('StringEquals', 'aws:PrincipalOrgID', input.PrincipalOrgID);
  put('StringEquals', 'AWS:SourceAccount', input.SourceAccount);
  put('ArnLike', 'AWS:SourceArn', input.SourceArn);
  if (input.InvokedViaFunctionUrl !== undefined) {
    put('Bool', 'lambda:InvokedViaFunctionUrl', String(input.InvokedViaFunctionUrl));
  }
  return condition;
}

export function statementsOf(policy: Policy | undefined): Record<string, unknown>[] {
  if (!policy) return [];
  return (JSON.parse(policy.document) as { Statement: Record<string, unknown>[] }).Statement;
}

export function documentOf(statements: readonly Record<string, unknown>[]): string {
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_RemovePermission.html */
export const removePermission: Operation<'lambda', 'RemovePermission'> = (input, call) => {
  const policy = policyOf(input.FunctionName!, input.Qualifier, call);
  if (input.RevisionId !== undefined && input.RevisionId !== policy.revisionId) {
    throw preconditionFailed('GetFunction/GetAlias');
  }
  if (policy.statements.length === 0) throw notFound('No policy is associated with the given resource.');
  const left = policy.statements.filter((statement) => statement.Sid !== input.StatementId);
  if (left.length === policy.statements.length) {
    throw notFound(`Statement ${input.StatementId} is not found in resource policy.`);
  }
  policy.save(left);
  return {};
};

export const getPolicy: Operation<'lambda', 'GetPolicy'> = (input, call) => {
  const parsed = parseFunctionName(input.FunctionName!, call, input.Qualifier);
  const missing = 'The resource you requested does not exist.';
  const found = lambdaStore(call.store).policies.get([parsed.name, parsed.qualifier ?? '']);
  if (!found) throw notFound(missing);
  const { revisionId } = policyOf(input.FunctionName!, input.Qualifier, call);
  return { Policy: found.document, RevisionId: revisionId };
};
