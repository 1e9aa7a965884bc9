import type { ParameterExceptionField } from '@aws-sdk/client-wafv2';
import { AwsError } from '../../kernel';

/** What is wrong with what was given, in AWS's three parts. */
export function invalid(reason: string, Field: ParameterExceptionField, Parameter: string): AwsError {
  return new AwsError(
    'WAFInvalidParameterException',
    `Error reason: ${reason}, field: ${Field}, parameter: ${Parameter}`,
    { members: { Field, Parameter, Reason: reason } },
  );
}

export const exactlyOne = (field: ParameterExceptionField, parameter: string) =>
  invalid(
    'You have used none or multiple values for a field that requires exactly one value.',
    field,
    parameter,
  );

export const badReference = (field: ParameterExceptionField, parameter: string) =>
  invalid('A reference in your rule statement is not valid.', field, parameter);

export const badArn = (arn: string) =>
  invalid(
    "The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons or slashes.",
    'RESOURCE_ARN',
    arn,
  );

export const tooExpensive = (field: ParameterExceptionField, capacity: number) =>
  invalid('You exceeded the capacity limit for a rule group or web ACL.', field, String(capacity));

const said = (code: string, sentence: string) => () => new AwsError(code, `AWS WAF couldn’t ${sentence}`);

export const nonexistent = said(
  'WAFNonexistentItemException',
  'perform the operation because your resource doesn’t exist.',
);
export const duplicate = said(
  'WAFDuplicateItemException',
  'perform the operation because some resource in your request is a duplicate of an existing one.',
);
export const stale = said(
  'WAFOptimisticLockException',
  'save your changes because someone changed the resource after you started to edit it. Reapply your changes.',
);
export const associated = said(
  'WAFAssociatedItemException',
  'perform the operation because your resource is being used by another resource or it’s associated with another resource.',
);
export const limitExceeded = said(
  'WAFLimitsExceededException',
  'perform the operation because you exceeded your resource limit.',
);
export const unavailable = said(
  'WAFUnavailableEntityException',
  'retrieve the resource that you requested. Retry your request.',
);
