import type { SamplingRule } from '@aws-sdk/client-xray';
import { compileText } from '../../identity/policies/pattern';
import type { Clock, Host, Ids } from '../../kernel';

/** The time, and what is drawn by lot. */
interface Chance {
  clock: Clock;
  ids: Pick<Ids, 'hex'>;
}

/** So many a second, and a share of all others. */
export class Reservoir {
  #second = 0;
  #taken = 0;

  constructor(
    readonly size: number,
    readonly rate: number,
  ) {}

  take({ clock, ids }: Chance): boolean {
    const second = Math.floor(clock.millis() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#taken = 0;
    }
    if (this.#taken < this.size) {
      this.#taken++;
      return true;
    }
    return this.rate > 0 && Number.parseInt(ids.hex(8), 16) / 2 ** 32 < this.rate;
  }
}

/** What rules look at. */
export interface Sampled {
  serviceName: string;
  serviceType: string;
  host: string;
  method: string;
  resourceArn: string;
  attribute(name: string): string | undefined;
}

export interface Decision {
  sampled: boolean;
  rule: string;
}

type Compiled = { name: string; reservoir: Reservoir; matches(request: Sampled): boolean };

/** The rules of one account in one region. */
export class Sampler {
  readonly #rules: Compiled[];

  /** In the order of their priorities. */
  constructor(rules: readonly SamplingRule[]) {
    this.#rules = rules.map((rule) => ({
      name: rule.RuleName ?? '',
      reservoir: new Reservoir(rule.ReservoirSize ?? 0, rule.FixedRate ?? 0),
      matches: matcher(rule),
    }));
  }

  /** The first rule that matches decides. */
  decide(host: Chance, request: Sampled): Decision {
    const rule = this.#rules.find((candidate) => candidate.matches(request));
    return { sampled: rule?.reservoir.take(host) ?? false, rule: rule?.name ?? '' };
  }
}

/**
 * API Gateway looks at all but the path: what asks for a certain one is not for it.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html#xray-console-sampling-options
 */
function matcher(rule: SamplingRule): Compiled['matches'] {
  const name = wildcard(rule.ServiceName);
  const type = wildcard(rule.ServiceType);
  const host = wildcard(rule.Host);
  const method = wildcard(rule.HTTPMethod);
  const arn = wildcard(rule.ResourceARN);
  const anyPath = rule.URLPath === '*';
  const attributes = Object.entries(rule.Attributes ?? {}).map(
    ([key, value]) => [key, wildcard(value)] as const,
  );
  return (request) =>
    anyPath &&
    name(request.serviceName) &&
    type(request.serviceType) &&
    host(request.host) &&
    method(request.method) &&
    arn(request.resourceArn) &&
    attributes.every(([key, matches]) => {
      const value = request.attribute(key);
      return value !== undefined && matches(value);
    });
}

/** `?` is one character, `*` any number of them; case makes no difference, as in X-Ray's SDKs. */
function wildcard(pattern = '*'): (text: string) => boolean {
  if (pattern === '*') return () => true;
  const compiled = compileText(pattern.toLowerCase());
  return (text) => compiled.matches(text.toLowerCase());
}

type Place = { account: string; region: string };

const samplers = (host: Host) => host.memo('observe.samplers', () => new Map<string, Promise<Sampler>>());

const keyOf = ({ account, region }: Place) => `${account}/${region}`;

/** X-Ray's rules of a place, read once. */
export function samplerOf(host: Host, place: Place): Promise<Sampler> {
  const all = samplers(host);
  const key = keyOf(place);
  let sampler = all.get(key);
  if (!sampler) {
    sampler = read(host, place);
    all.set(key, sampler);
    // A failure is not remembered.
    sampler.catch(() => all.delete(key));
  }
  return sampler;
}

async function read(host: Host, { account, region }: Place): Promise<Sampler> {
  const as = host.parts.identity.servicePrincipal('xray.amazonaws.com', account);
  const rules: SamplingRule[] = [];
  let NextToken: string | undefined;
  do {
    const page = await host.invoke('xray', 'GetSamplingRules', { NextToken }, { as, account, region });
    for (const { SamplingRule } of page.SamplingRuleRecords ?? []) if (SamplingRule) rules.push(SamplingRule);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return new Sampler(rules);
}

/** The rules of a place have changed. */
export function forgetSampler(host: Host, place: Place): void {
  samplers(host).delete(keyOf(place));
}
