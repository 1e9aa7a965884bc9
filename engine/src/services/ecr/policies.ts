import { AwsError, type Operation } from '../../kernel';
import { PolicyProblem, parsePolicy } from '../../kernel/policy-document';
import { changeRepository, invalidParameter, openRepository, type Repository } from './store';

interface Rule {
  rulePriority?: unknown;
  selection?: { tagStatus?: unknown; countType?: unknown; countNumber?: unknown; countUnit?: unknown };
  action?: { type?: unknown };
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html */
function checkLifecycle(text: string): void {
  const refused = (reason: string) =>
    invalidParameter(
      `Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: ${reason}'`,
    );
  let policy: { rules?: Rule[] };
  try {
    policy = JSON.parse(text);
  } catch {
    throw refused('string is not a valid JSON');
  }
  if (!Array.isArray(policy?.rules) || policy.rules.length === 0) {
    throw refused('object has missing required properties (["rules"])');
  }
  const priorities = new Set<unknown>();
  for (const { rulePriority, selection, action } of policy.rules) {
    if (!Number.isInteger(rulePriority) || Number(rulePriority) < 1)
      throw refused('rulePriority is not valid');
    if (priorities.has(rulePriority)) throw refused('rulePriority must be unique');
    priorities.add(rulePriority);
    if (!['tagged', 'untagged', 'any'].includes(String(selection?.tagStatus))) {
      throw refused('tagStatus is not valid');
    }
    const { countType, countNumber, countUnit } = selection ?? {};
    if (!/^(imageCountMoreThan|since[A-Z]\w+)$/.test(String(countType)))
      throw refused('countType is not valid');
    if (!Number.isInteger(countNumber) || Number(countNumber) < 1) throw refused('countNumber is not valid');
    if ((countType !== 'imageCountMoreThan') !== (countUnit === 'days'))
      throw refused('countUnit is not valid');
    if (!['expire', 'transition'].includes(String(action?.type))) throw refused('action is not valid');
  }
}

const missing = (code: string, what: string, repository: Repository, registry: string) =>
  new AwsError(
    code,
    `${what} policy does not exist for the repository with name '${repository.name}' in the registry with id '${registry}'`,
  );

export const putLifecyclePolicy: Operation<'ecr', 'PutLifecyclePolicy'> = (input, call) => {
  const repository = openRepository(call, input);
  const lifecyclePolicyText = input.lifecyclePolicyText ?? '';
  checkLifecycle(lifecyclePolicyText);
  changeRepository(call, repository, { lifecyclePolicy: lifecyclePolicyText });
  return { registryId: call.account, repositoryName: repository.name, lifecyclePolicyText };
};

export const getLifecyclePolicy: Operation<'ecr', 'GetLifecyclePolicy'> = (input, call) => {
  const repository = openRepository(call, input);
  if (repository.lifecyclePolicy === undefined) {
    throw missing('LifecyclePolicyNotFoundException', 'Lifecycle', repository, call.account);
  }
  return {
    registryId: call.account,
    repositoryName: repository.name,
    lifecyclePolicyText: repository.lifecyclePolicy,
  };
};

export const deleteLifecyclePolicy: Operation<'ecr', 'DeleteLifecyclePolicy'> = (input, call) => {
  const repository = openRepository(call, input);
  if (repository.lifecyclePolicy === undefined) {
    throw missing('LifecyclePolicyNotFoundException', 'Lifecycle', repository, call.account);
  }
  changeRepository(call, repository, { lifecyclePolicy: undefined });
  return {
    registryId: call.account,
    repositoryName: repository.name,
    lifecyclePolicyText: repository.lifecyclePolicy,
  };
};

export const setRepositoryPolicy: Operation<'ecr', 'SetRepositoryPolicy'> = (input, call) => {
  const repository = openRepository(call, input);
  const policyText = input.policyText ?? '';
  try {
    parsePolicy(policyText, 'resource');
  } catch (error) {
    if (!(error instanceof PolicyProblem)) throw error;
    throw invalidParameter(
      `Invalid parameter at 'PolicyText' failed to satisfy constraint: 'Invalid repository policy provided'`,
    );
  }
  changeRepository(call, repository, { policy: policyText });
  return { registryId: call.account, repositoryName: repository.name, policyText };
};

export const getRepositoryPolicy: Operation<'ecr', 'GetRepositoryPolicy'> = (input, call) => {
  const repository = openRepository(call, input);
  if (repository.policy === undefined) {
    throw missing('RepositoryPolicyNotFoundException', 'Repository', repository, call.account);
  }
  return { registryId: call.account, repositoryName: repository.name, policyText: repository.policy };
};

export const deleteRepositoryPolicy: Operation<'ecr', 'DeleteRepositoryPolicy'> = (input, call) => {
  const repository = openRepository(call, input);
  if (repository.policy === undefined) {
    throw missing('RepositoryPolicyNotFoundException', 'Repository', repository, call.account);
  }
  changeRepository(call, repository, { policy: undefined });
  return { registryId: call.account, repositoryName: repository.name, policyText: repository.policy };
};
