import type {
  ComparisonOperator,
  IPSetReferenceStatement,
  LabelMatchStatement,
  RegexMatchStatement,
  Statement,
} from '@aws-sdk/client-wafv2';
import { AddressRanges } from './addresses';
import { byteMatch } from './byte-match';
import { compileField } from './fields';
import { forwardedAddresses } from './forwarded';
import { linearPattern } from './linear-pattern';
import { rateBased } from './rate-based';
import type { RateCounters } from './rate-counters';
import type { Inspection } from './request';
import type { WebAclSource } from './source';
import { transformation } from './transformations';

export type Matches = (inspection: Inspection) => boolean;

/** What statements need to know of where they stand. */
export interface Surroundings {
  source: WebAclSource;
  /** Of the web ACL or rule group whose rule it is. */
  labelNamespace: string;
  bodyLimit: number;
  /** Of the rule, where it counts requests. */
  counters: () => RateCounters;
}

/** https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements.html */
export function compileStatement(statement: Statement, around: Surroundings): Matches {
  const below = (inner: Statement | undefined) => compileStatement(inner ?? {}, around);
  const {
    AndStatement: and,
    ByteMatchStatement: bytes,
    IPSetReferenceStatement: addresses,
    LabelMatchStatement: label,
    NotStatement: not,
    OrStatement: or,
    RateBasedStatement: rate,
    RegexMatchStatement: pattern,
    RegexPatternSetReferenceStatement: patterns,
    SizeConstraintStatement: size,
  } = statement;
  if (and) {
    const all = (and.Statements ?? []).map(below);
    return (inspection) => all.every((matches) => matches(inspection));
  }
  if (or) {
    const any = (or.Statements ?? []).map(below);
    return (inspection) => any.some((matches) => matches(inspection));
  }
  if (not) {
    const inner = below(not.Statement);
    return (inspection) => !inner(inspection);
  }
  if (bytes) {
    const search = Buffer.from(bytes.SearchString ?? []).toString('latin1');
    return looking(bytes, byteMatch(bytes.PositionalConstraint ?? 'EXACTLY', search), around);
  }
  if (pattern) return looking(pattern, anyOf([pattern.RegexString ?? '']), around);
  if (patterns) return looking(patterns, anyOf(around.source.patterns(patterns.ARN ?? '')), around);
  if (size) {
    const compare = COMPARISONS[size.ComparisonOperator ?? 'EQ'];
    const limit = size.Size ?? 0;
    return looking(size, (text) => compare(text.length, limit), around);
  }
  if (addresses) return ipSet(addresses, around);
  if (label) return labelMatch(label, around);
  if (rate) return rateBased(rate, rate.ScopeDownStatement && below(rate.ScopeDownStatement), around);
  throw new Error(`no such statement: ${Object.keys(statement)}`);
}

type Looking = Pick<RegexMatchStatement, 'FieldToMatch' | 'TextTransformations'>;

/** Whether any text of a component passes the test, once it is transformed. */
function looking(
  { FieldToMatch, TextTransformations }: Looking,
  test: (text: string) => boolean,
  { bodyLimit }: Surroundings,
): Matches {
  const field = compileField(FieldToMatch ?? {}, bodyLimit);
  const transform = transformation(TextTransformations);
  return (inspection) => {
    const content = field(inspection);
    return typeof content === 'boolean' ? content : content.some((text) => test(transform(text)));
  };
}

function anyOf(sources: readonly string[]): (text: string) => boolean {
  const patterns = sources.map(linearPattern).filter((pattern) => pattern !== undefined);
  return (text) => patterns.some((pattern) => pattern.test(text));
}

const COMPARISONS: Readonly<Record<ComparisonOperator, (a: number, b: number) => boolean>> = {
  EQ: (a, b) => a === b,
  NE: (a, b) => a !== b,
  LE: (a, b) => a <= b,
  LT: (a, b) => a < b,
  GE: (a, b) => a >= b,
  GT: (a, b) => a > b,
};

function ipSet(
  { ARN, IPSetForwardedIPConfig: forwarded }: IPSetReferenceStatement,
  { source }: Surroundings,
): Matches {
  const ranges = new AddressRanges(source.addresses(ARN ?? ''));
  if (!forwarded) return ({ request }) => ranges.has(request.sourceIp);
  return (inspection) => {
    const addresses = forwardedAddresses(inspection, forwarded, forwarded.Position ?? 'FIRST');
    return typeof addresses === 'boolean' ? addresses : addresses.some((address) => ranges.has(address));
  };
}

/** A key without the prefix is one of the web ACL or rule group that the rule is in. */
function labelMatch({ Key = '', Scope }: LabelMatchStatement, { labelNamespace }: Surroundings): Matches {
  const label = Key.startsWith('awswaf:') ? Key : labelNamespace + Key;
  if (Scope === 'LABEL') return ({ labels }) => labels.has(label);
  const namespace = label.endsWith(':') ? label : `${label}:`;
  return ({ labels }) => [...labels].some((one) => one.startsWith(namespace));
}
