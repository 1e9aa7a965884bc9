import { isAwsError } from '../kernel';
import { refuse } from './refusal';
import type { ParameterDeclaration, Template } from './template';

/** A parameter with its value, as stacks and change sets keep and show it. */
export interface ParameterValue {
  key: string;
  value: string;
  /** What the name in `value` held, for parameters of type AWS::SSM::Parameter::Value<…>. */
  resolved?: string;
  noEcho?: true;
  /** A list type: Ref gives a list. */
  list?: true;
}

export interface GivenParameter {
  ParameterKey?: string | undefined;
  ParameterValue?: string | undefined;
  UsePreviousValue?: boolean | undefined;
}

const AWS_TYPES =
  /^(AWS::EC2::(AvailabilityZone::Name|Image::Id|Instance::Id|KeyPair::KeyName|SecurityGroup::GroupName|SecurityGroup::Id|Subnet::Id|Volume::Id|VPC::Id)|AWS::Route53::HostedZone::Id|String|Number|CommaDelimitedList)$/;

/** Whether CloudFormation has such a parameter type. */
export function isParameterType(type: unknown): boolean {
  if (typeof type !== 'string') return false;
  const ssm = /^AWS::SSM::Parameter::Value<(.+)>$/.exec(type)?.[1];
  const list = /^List<(.+)>$/.exec(ssm ?? type)?.[1];
  if (list !== undefined) return list !== 'CommaDelimitedList' && AWS_TYPES.test(list);
  return type === 'AWS::SSM::Parameter::Name' || AWS_TYPES.test(ssm ?? type);
}

function ssmType(type: string): string | undefined {
  return /^AWS::SSM::Parameter::Value<(.+)>$/.exec(type)?.[1];
}

function isList(type: string): boolean {
  const inner = ssmType(type) ?? type;
  return inner === 'CommaDelimitedList' || inner.startsWith('List<');
}

/** Refuses a value outside of what its declaration allows, in CloudFormation's words. */
function check(key: string, declaration: ParameterDeclaration, value: string): void {
  const say = (message: string): Error =>
    refuse(
      declaration.ConstraintDescription
        ? `Parameter ${key} failed to satisfy constraint: ${declaration.ConstraintDescription}`
        : `Parameter '${key}' must ${message}`,
    );
  const list = isList(declaration.Type);
  const each = list ? value.split(',').map((part) => part.trim()) : [value];
  const numbers = declaration.Type === 'Number' || declaration.Type === 'List<Number>';
  for (const part of each) {
    if (numbers && !(part.trim() !== '' && Number.isFinite(Number(part))))
      throw refuse(`Parameter '${key}' must be a number.`);
    if (declaration.AllowedValues && !declaration.AllowedValues.some((allowed) => String(allowed) === part)) {
      throw say('be one of AllowedValues');
    }
    if (declaration.AllowedPattern && !new RegExp(`^(?:${declaration.AllowedPattern})$`).test(part)) {
      throw say(`match pattern ${declaration.AllowedPattern}`);
    }
    const { MinLength, MaxLength, MinValue, MaxValue } = declaration;
    if (MinLength !== undefined && part.length < Number(MinLength)) {
      throw say(`contain at least ${String(MinLength)} characters`);
    }
    if (MaxLength !== undefined && part.length > Number(MaxLength)) {
      throw say(`contain at most ${String(MaxLength)} characters`);
    }
    if (numbers && MinValue !== undefined && Number(part) < Number(MinValue)) {
      throw say(`be a number not less than ${String(MinValue)}`);
    }
    if (numbers && MaxValue !== undefined && Number(part) > Number(MaxValue)) {
      throw say(`be a number not greater than ${String(MaxValue)}`);
    }
  }
}

/** The parameters of a stack: given values, previous ones and defaults, checked; SSM names are not looked up yet. */
export function bindParameters(
  template: Template,
  given: readonly GivenParameter[],
  previous: readonly ParameterValue[] = [],
): ParameterValue[] {
  const declared = template.Parameters ?? {};
  const byKey = new Map<string, GivenParameter>();
  for (const each of given) {
    const key = each.ParameterKey ?? '';
    if (byKey.has(key)) throw refuse(`Parameters: [${key}] are given more than once`);
    byKey.set(key, each);
  }
  const unknown = [...byKey.keys()].filter((key) => !(key in declared));
  if (unknown.length > 0) throw refuse(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const before = new Map(previous.map((each) => [each.key, each]));
  const missing: string[] = [];
  const values: ParameterValue[] = [];
  for (const [key, declaration] of Object.entries(declared)) {
    const wanted = byKey.get(key);
    let value: string | undefined;
    if (wanted?.UsePreviousValue) {
      if (wanted.ParameterValue !== undefined) {
        throw refuse(
          `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true and non empty value for a parameter`,
        );
      }
      const known = before.get(key);
      if (!known)
        throw refuse(
          `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
        );
      value = known.value;
    } else if (wanted) {
      value = wanted.ParameterValue ?? '';
    } else if (declaration.Default !== undefined) {
      value = Array.isArray(declaration.Default)
        ? declaration.Default.join(',')
        : String(declaration.Default);
    }
    if (value === undefined) {
      missing.push(key);
      continue;
    }
    check(key, declaration, value);
    values.push({
      key,
      value,
      ...(String(declaration.NoEcho) === 'true' ? { noEcho: true as const } : {}),
      ...(isList(declaration.Type) ? { list: true as const } : {}),
    });
  }
  if (missing.length > 0) throw refuse(`Parameters: [${missing.join(', ')}] must have values`);
  return values;
}

/** Looks up what parameters of type AWS::SSM::Parameter::Value<…> name. */
export async function fetchParameters(
  template: Template,
  values: readonly ParameterValue[],
  fetch: (name: string) => Promise<{ type: string; value: string }>,
): Promise<ParameterValue[]> {
  return Promise.all(
    values.map(async (each) => {
      if (!ssmType(template.Parameters?.[each.key]?.Type ?? '')) return each;
      try {
        const found = await fetch(each.value);
        if (found.type === 'SecureString') {
          throw refuse(
            `Parameters [${each.value}] referenced by template have types not supported by CloudFormation.`,
          );
        }
        return { ...each, resolved: found.value };
      } catch (error) {
        if (!isAwsError(error, 'ParameterNotFound', 'ValidationException')) throw error;
        throw refuse(`Unable to fetch parameters [${each.value}] from parameter store for this account.`);
      }
    }),
  );
}

/** What Ref gives for each parameter. */
export function parameterScope(values: readonly ParameterValue[]): Record<string, string | string[]> {
  return Object.fromEntries(
    values.map(({ key, value, resolved, list }) => {
      const text = resolved ?? value;
      return [key, list ? text.split(',').map((part) => part.trim()) : text];
    }),
  );
}
