import { defineResource, notImplemented } from '../kernel';

/** AWS::CloudFormation::Stack. */
export const nestedStack = defineResource({
  type: 'AWS::CloudFormation::Stack',
  properties: { Parameters: true, Tags: true, TemplateURL: true, TimeoutInMinutes: true },
  create: () => Promise.reject(notImplemented('AWS::CloudFormation::Stack')),
  update: () => Promise.reject(notImplemented('AWS::CloudFormation::Stack')),
  delete: () => Promise.reject(notImplemented('AWS::CloudFormation::Stack')),
});
