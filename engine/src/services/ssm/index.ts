import { defineService } from '../../kernel';
import { deleteParameter, deleteParameters } from './delete-parameters';
import { describeParameters, getParameterHistory } from './describe-parameters';
import { getParameter, getParameters, getParametersByPath } from './get-parameters';
import { labelParameterVersion, unlabelParameterVersion } from './labels';
import { putParameter } from './put-parameter';
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from './tags';

export default defineService({
  name: 'ssm',
  operations: {
    AddTagsToResource: addTagsToResource,
    DeleteParameter: deleteParameter,
    DeleteParameters: deleteParameters,
    DescribeParameters: describeParameters,
    GetParameter: getParameter,
    GetParameterHistory: getParameterHistory,
    GetParameters: getParameters,
    GetParametersByPath: getParametersByPath,
    LabelParameterVersion: labelParameterVersion,
    ListTagsForResource: listTagsForResource,
    PutParameter: putParameter,
    RemoveTagsFromResource: removeTagsFromResource,
    UnlabelParameterVersion: unlabelParameterVersion,
  },
  access: () => import('./access').then((module) => module.default),
  resources: () => import('./resources').then((module) => module.default),
});
