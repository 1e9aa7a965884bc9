import { type Call, type Operation, parseArn } from '../../kernel';
import { resourceFacts } from '../../templates/facts';
import { state } from '../../templates/records';
import { refuse } from '../../templates/refusal';
import type { ParameterDeclaration, Template } from '../../templates/template';
import { requiredCapabilities } from './capabilities';
import { findChangeSet } from './change-set-store';
import { findStack } from './find';
import { read, requiredText, templateText } from './source';

type Capability = 'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html */
export const getTemplate: Operation<'cloudformation', 'GetTemplate'> = (input, call) => {
  const body = bodyOf(call, input.StackName, input.ChangeSetName);
  return { StagesAvailable: body === '' ? [] : ['Original', 'Processed'], TemplateBody: body };
};

function bodyOf(call: Call, stackName: string | undefined, changeSetName: string | undefined): string {
  if (changeSetName !== undefined) {
    if (stackName === undefined && !parseArn(changeSetName))
      throw refuse('StackName is a required parameter.');
    return findChangeSet(call, changeSetName, stackName).body;
  }
  if (stackName === undefined) throw refuse('StackName is a required parameter.');
  const stack = findStack(call, stackName);
  // A stack in review has no template yet.
  return state(call.store).versions.get([stack.id, 'current'])?.body ?? '';
}

function parameter(key: string, declaration: ParameterDeclaration) {
  const fallback = declaration.Default;
  return {
    ParameterKey: key,
    ...(fallback === undefined
      ? {}
      : { DefaultValue: Array.isArray(fallback) ? fallback.join(',') : String(fallback) }),
    NoEcho: String(declaration.NoEcho) === 'true',
    ...(declaration.Description === undefined ? {} : { Description: declaration.Description }),
  };
}

function common(template: Template) {
  const capability = requiredCapabilities(template);
  const transforms = [template.Transform ?? []].flat().map(String);
  return {
    ...(template.Description === undefined ? {} : { Description: template.Description }),
    ...(capability
      ? {
          Capabilities: [capability.capability as Capability],
          CapabilitiesReason: `The following resource(s) require capabilities: [${capability.types.join(', ')}]`,
        }
      : {}),
    ...(transforms.length > 0 ? { DeclaredTransforms: transforms } : {}),
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ValidateTemplate.html */
export const validateTemplate: Operation<'cloudformation', 'ValidateTemplate'> = async (input, call) => {
  const template = read(await requiredText(call, input));
  const parameters = Object.entries(template.Parameters ?? {});
  return {
    Parameters: parameters.map(([key, declaration]) => parameter(key, declaration)),
    ...common(template),
  };
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplateSummary.html */
export const getTemplateSummary: Operation<'cloudformation', 'GetTemplateSummary'> = async (input, call) => {
  const given = await templateText(call, input);
  const template = read(given ?? bodyOf(call, input.StackName, undefined));
  const byType = new Map<string, string[]>();
  for (const [id, { Type }] of Object.entries(template.Resources))
    byType.set(Type, [...(byType.get(Type) ?? []), id]);
  return {
    Parameters: Object.entries(template.Parameters ?? {}).map(([key, declaration]) => ({
      ...parameter(key, declaration),
      ParameterType: declaration.Type,
      ParameterConstraints: declaration.AllowedValues
        ? { AllowedValues: declaration.AllowedValues.map(String) }
        : {},
    })),
    ResourceTypes: [...byType.keys()],
    Version: template.AWSTemplateFormatVersion ?? '2010-09-09',
    ResourceIdentifierSummaries: [...byType].map(([type, ids]) => {
      const identifier = resourceFacts(type)?.identifier ?? [];
      return {
        ResourceType: type,
        LogicalResourceIds: ids,
        ...(identifier.length > 0 ? { ResourceIdentifiers: [...identifier] } : {}),
      };
    }),
    ...(template.Metadata === undefined
      ? {}
      : {
          Metadata:
            typeof template.Metadata === 'string' ? template.Metadata : JSON.stringify(template.Metadata),
        }),
    ...common(template),
  };
};
