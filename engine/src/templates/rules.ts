import { notImplemented } from '../kernel';
import { asText, resolve, truth } from './intrinsics';
import { refuse } from './refusal';
import type { Scope } from './scope';
import { intrinsic, isObject } from './template';

/**
 * Checks the Rules of a template: assertions on its parameters.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
 */
export function checkRules(rules: unknown, scope: Scope): void {
  if (rules === undefined) return;
  if (!isObject(rules)) throw refuse('Template format error: Rules must be an object.');
  for (const [name, rule] of Object.entries(rules)) {
    if (!isObject(rule) || !Array.isArray(rule.Assertions)) {
      throw refuse(`Template format error: Rule ${name} must have Assertions.`);
    }
    if (rule.RuleCondition !== undefined && !holds(rule.RuleCondition, scope)) continue;
    for (const assertion of rule.Assertions as unknown[]) {
      if (!isObject(assertion) || assertion.Assert === undefined) {
        throw refuse(`Template format error: Every assertion of rule ${name} must have an Assert.`);
      }
      if (holds(assertion.Assert, scope)) continue;
      const text = asText(assertion.AssertDescription) ?? 'an assertion does not hold';
      throw refuse(`Template validation error: Rule ${name} failed: ${text}`);
    }
  }
}

function list(value: unknown, scope: Scope): string[] {
  const resolved = resolve(value, scope);
  return (Array.isArray(resolved) ? (resolved as unknown[]) : [resolved]).map((each) => asText(each) ?? '');
}

/** The functions of rules; the common ones are those of conditions, over rules' own. */
function holds(value: unknown, scope: Scope): boolean {
  const call = intrinsic(value);
  const [first, second] = Array.isArray(call?.argument) ? (call.argument as unknown[]) : [];
  const each = Array.isArray(call?.argument) ? (call.argument as unknown[]) : [];
  switch (call?.name) {
    case 'Fn::Not':
      return !holds(first, scope);
    case 'Fn::And':
      return each.every((one) => holds(one, scope));
    case 'Fn::Or':
      return each.some((one) => holds(one, scope));
    case 'Fn::Contains':
      return list(second, scope).every((text) => list(first, scope).includes(text));
    case 'Fn::EachMemberIn':
      return list(first, scope).every((text) => list(second, scope).includes(text));
    case 'Fn::EachMemberEquals':
      return list(first, scope).every((text) => text === asText(resolve(second, scope)));
    case 'Fn::RefAll':
    case 'Fn::ValueOf':
    case 'Fn::ValueOfAll':
      throw notImplemented(`CloudFormation rule function ${call.name}`);
    default:
      return truth(value, scope, () => {
        throw refuse('Template format error: Conditions cannot be used in Rules.');
      });
  }
}
