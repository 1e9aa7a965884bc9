import { type Call, type Operation, takeRole } from '../../kernel';
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
  if (!/^arn:[\w-]+:iam::\d{12}:role\//.test(arn)) throw badRequest('Invalid ARN specified in the request');
  if ((await takeRole(call, 'apigateway.amazonaws.com', arn)) !== undefined) return;
  throw badRequest(
    'The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.',
  );
}
