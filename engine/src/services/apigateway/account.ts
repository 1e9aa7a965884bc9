import { type Call, isAwsError, type Operation } from '../../kernel';
import { badRequest } from './errors';
import { invalidOperation, invalidPath, patches } from './patch';
import { tables } from './store';

function shown(call: Call) {
  const account = tables(call).account.get('account') ?? {};
  return {
    ...account,
    throttleSettings: { burstLimit: 5000, rateLimit: 10000 },
    features: ['UsagePlans'],
    apiKeyVersion: '4',
  };
}

export const getAccount: Operation<'apigateway', 'GetAccount'> = (_input, call) => shown(call);

/** https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateAccount.html */
export const updateAccount: Operation<'apigateway', 'UpdateAccount'> = async (input, call) => {
  const account = { ...tables(call).account.get('account') };
  for (const patch of patches(input.patchOperations)) {
    if (patch.path === '/features' && patch.op === 'add' && patch.value === 'UsagePlans') continue;
    if (patch.path !== '/cloudwatchRoleArn') throw invalidPath(patch.path);
    if (patch.op === 'remove') {
      account.cloudwatchRoleArn = undefined;
      continue;
    }
    if (patch.op !== 'replace') throw invalidOperation(['replace', 'remove']);
    if (patch.value) await checkRole(call, patch.value);
    account.cloudwatchRoleArn = patch.value || undefined;
  }
  tables(call).account.put('account', account);
  return shown(call);
};

/** The role must exist and let API Gateway take it. */
async function checkRole(call: Call, arn: string): Promise<void> {
  const name = /^arn:[\w-]+:iam::\d{12}:role\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
  if (!name) throw badRequest('Invalid ARN specified in the request');
  const refused = badRequest(
    'The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.',
  );
  try {
    const { Role } = await call.invoke(
      'iam',
      'GetRole',
      { RoleName: name },
      { as: call.parts.identity.root(call.account) },
    );
    const trust = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
    if (!trust.includes('apigateway.amazonaws.com')) throw refused;
  } catch (error) {
    throw isAwsError(error, 'NoSuchEntityException', 'NoSuchEntity') ? refused : error;
  }
}
