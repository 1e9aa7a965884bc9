import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Findings of cdk-nag that we live with below `scope`, each with its reason. */
export function accept(scope: IConstruct, reasons: Record<string, string>): void {
  for (const [id, reason] of Object.entries(reasons)) Validations.of(scope).acknowledge({ id, reason });
}

export const BASIC_EXECUTION =
  'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]';

/** `AwsSolutions-IAM5` for each of these wildcards, e.g. `Action::s3:List*`. */
export function acceptWildcards(scope: IConstruct, reason: string, wildcards: string[]): void {
  accept(scope, Object.fromEntries(wildcards.map((wildcard) => [`AwsSolutions-IAM5[${wildcard}]`, reason])));
}
