import { arn, type Call, type Needed } from '../../../kernel';
import { tables } from '../store';
import { resourceKeys } from './keys';

export type Keys = NonNullable<Needed['keys']>;
type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * API Gateway's actions are HTTP's verbs, and its resources the paths of its API.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-iam-policy-examples.html
 */
export function onPath(call: Call, verb: Verb, path: string, keys: Keys = {}): Needed {
  return {
    action: `apigateway:${verb}`,
    resource: arn('apigateway', call.region, '', path),
    keys: { ...resourceKeys(call, path), ...keys },
    tags: () => tagsOf(call, path),
  };
}

/** The same for a template of the path, whose names are the input's members. */
export const on =
  (verb: Verb, template: string, keysOf: (input: object) => Keys = () => ({})) =>
  (input: object, call: Call): Needed =>
    onPath(call, verb, filled(template, input), keysOf(input));

/**
 * The same of a custom domain: private ones are known by their ids too, and belong to an account.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
 */
export const onDomain =
  (verb: Verb, rest = '') =>
  (input: { domainName?: string | undefined; domainNameId?: string | undefined }, call: Call): Needed => {
    const { domainName, domainNameId: id } = input;
    const below = filled(rest, input);
    if (id === undefined) return onPath(call, verb, `/domainnames/${domainName}${below}`);
    const path = `/domainnames/${domainName}+${id}${below}`;
    return onArn(`apigateway:${verb}`, arn('apigateway', call.region, call.account, path));
  };

export const onArn = (action: string, resource = ''): Needed => ({ action, resource });

function filled(template: string, input: object): string {
  return template.replace(/\{(\w+)\}/g, (_all, member: string) => String(Reflect.get(input, member) ?? ''));
}

/** Where the tags of a resource are kept: its ARN is a part of the path. */
export function onTags(call: Call, verb: Verb, resourceArn = ''): Needed {
  return {
    ...onPath(call, verb, `/tags/${encodeURIComponent(resourceArn)}`),
    tags: () => ofArn(call, resourceArn),
  };
}

/** What is tagged as it is made has no id yet. */
export function taggingNew(call: Call, path: string, tags: object | undefined): Needed[] {
  if (Object.keys(tags ?? {}).length === 0) return [];
  const made = encodeURIComponent(arn('apigateway', call.region, '', path));
  return [onPath(call, 'PUT', `/tags/${made}`)];
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/security_iam_id-based-policy-examples.html */
export function settingPolicy(call: Call, path: string): Needed {
  return { ...onPath(call, 'PATCH', path), action: 'apigateway:UpdateRestApiPolicy' };
}

/** To change tags is to change what has them. */
export function onTagged(call: Call, verb: Verb, resourceArn = ''): Needed[] {
  return [
    onTags(call, verb, resourceArn),
    {
      action: 'apigateway:PATCH',
      resource: resourceArn,
      tags: () => ofArn(call, resourceArn),
    },
  ];
}

const ofArn = (call: Call, resourceArn: string) => tagsOf(call, resourceArn.split(':').slice(5).join(':'));

/** A stage has tags of its own; all else of an API has the API's. */
function tagsOf(call: Call, path: string): Record<string, string> | undefined {
  const [, apiId, stage] = /^\/restapis\/(\w+)(?:\/stages\/([^/]+))?/.exec(path) ?? [];
  if (apiId === undefined) return undefined;
  const { apis, stages } = tables(call);
  return stage === undefined ? apis.get(apiId)?.tags : stages.get([apiId, stage])?.tags;
}
