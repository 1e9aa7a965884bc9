import { defineService } from '../../kernel';
import { createChangeSet, deleteChangeSet, executeChangeSet } from './change-sets';
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
import { createStack, deleteStack, updateStack } from './stacks';

export default defineService({
  name: 'cloudformation',
  operations: {
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
    ListChangeSets: listChangeSets,
    ListStackResources: listStackResources,
    ListStacks: listStacks,
    UpdateStack: updateStack,
  },
});
