import { defineService } from '../../kernel';
import { finish } from '../../templates/running';
import { createChangeSet, deleteChangeSet, executeChangeSet } from './change-sets';
import {
  cancelUpdateStack,
  continueUpdateRollback,
  rollbackStack,
  updateTerminationProtection,
} from './control';
import {
  describeEvents,
  describeStackEvents,
  describeStackResource,
  describeStackResources,
  describeStacks,
  listStackResources,
  listStacks,
} from './describe';
import { describeChangeSet, listChangeSets } from './describe-change-set';
import { listExports, listImports } from './exports';
import { resume } from './restart';
import { createStack, deleteStack, updateStack } from './stacks';
import { getTemplate, getTemplateSummary, validateTemplate } from './templates';

export default defineService({
  name: 'cloudformation',
  operations: {
    CancelUpdateStack: cancelUpdateStack,
    ContinueUpdateRollback: continueUpdateRollback,
    CreateChangeSet: createChangeSet,
    CreateStack: createStack,
    DeleteChangeSet: deleteChangeSet,
    DeleteStack: deleteStack,
    DescribeChangeSet: describeChangeSet,
    DescribeEvents: describeEvents,
    DescribeStackEvents: describeStackEvents,
    DescribeStackResource: describeStackResource,
    DescribeStackResources: describeStackResources,
    DescribeStacks: describeStacks,
    ExecuteChangeSet: executeChangeSet,
    GetTemplate: getTemplate,
    GetTemplateSummary: getTemplateSummary,
    ListChangeSets: listChangeSets,
    ListExports: listExports,
    ListImports: listImports,
    ListStackResources: listStackResources,
    ListStacks: listStacks,
    RollbackStack: rollbackStack,
    UpdateStack: updateStack,
    UpdateTerminationProtection: updateTerminationProtection,
    ValidateTemplate: validateTemplate,
  },
  access: () => import('./access').then((module) => module.default),
  start: (host, stores) => resume(host, stores),
  stop: (host) => finish(host),
});
