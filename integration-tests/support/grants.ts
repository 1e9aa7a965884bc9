import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { theatreApp } from '../../infra/lib/app';

type Value = string | { [intrinsic: string]: unknown };

export interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource: Value | Value[];
}

interface Template {
  Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
}

/** One action that a statement of a function's role allows: the least that can be taken away. */
export interface Grant {
  /** Of the function, without CDK's hash: `ApiBuyTicket`. */
  name: string;
  /** Logical ids. */
  functionId: string;
  roleId: string;
  policyName: string;
  statement: number;
  action: string;
  /** What it is allowed on, for people: `DataShows`. */
  on: string;
}

/** A permission of a function's own policy. */
export interface Permission {
  logicalId: string;
  functionId: string;
  method: string;
  /** With `*` where the API takes anything. */
  path: string;
}

let synthesised: Template | undefined;

function template(): Template {
  if (synthesised) return synthesised;
  const outdir = mkdtempSync(join(tmpdir(), 'theatre-grants-'));
  try {
    synthesised = theatreApp({ outdir }).synth().getStackArtifact('Theatre').template as Template;
    return synthesised;
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Without the hash that CDK puts behind a path. */
export const bare = (logicalId: string) => logicalId.replace(/[0-9A-F]{8}$/, '');

export function resourcesOf<P = Record<string, unknown>>(type: string): [string, P][] {
  return Object.entries(template().Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, { Properties }]) => [id, Properties as P]);
}

interface FunctionProperties {
  Role: { 'Fn::GetAtt': [string, string] };
  Environment?: { Variables?: Record<string, unknown> };
}

interface PolicyProperties {
  PolicyName: string;
  PolicyDocument: { Statement: Statement[] };
  Roles: { Ref: string }[];
}

/** The functions that we wrote; CDK brings others along. */
export function ourFunctions(): { name: string; functionId: string; roleId: string }[] {
  return resourcesOf<FunctionProperties>('AWS::Lambda::Function')
    .filter(([, { Environment }]) => Environment?.Variables?.POWERTOOLS_SERVICE_NAME)
    .map(([functionId, { Role }]) => ({ name: bare(functionId), functionId, roleId: Role['Fn::GetAtt'][0] }));
}

export function grants(): Grant[] {
  const policies = resourcesOf<PolicyProperties>('AWS::IAM::Policy');
  return ourFunctions().flatMap((one) =>
    policies
      .filter(([, { Roles }]) => Roles.some(({ Ref }) => Ref === one.roleId))
      .flatMap(([, { PolicyName, PolicyDocument }]) =>
        PolicyDocument.Statement.flatMap(({ Effect, Action, Resource }, statement) =>
          Effect === 'Deny'
            ? []
            : [Action].flat().map((action) => ({
                ...{ ...one, policyName: PolicyName, statement, action },
                on: [Resource].flat().map(nameOf).join(' and '),
              })),
        ),
      ),
  );
}

/** A whole statement of a role that is not our functions': CDK's own, for its functions. */
export interface OtherGrant extends Omit<Grant, 'name' | 'action' | 'on'> {
  name: string;
  actions: string[];
}

/** Statements of the roles that API Gateway itself takes on. */
export const apiGrants = () => statements().filter(({ functionId }) => functionId === '');

/** Statements of the roles of CDK's functions. */
export const otherGrants = () => statements().filter(({ functionId }) => functionId !== '');

function statements(): OtherGrant[] {
  const ours = new Set(ourFunctions().map(({ roleId }) => roleId));
  const functions = resourcesOf<FunctionProperties>('AWS::Lambda::Function');
  return resourcesOf<PolicyProperties>('AWS::IAM::Policy').flatMap(([, properties]) => {
    const roleId = properties.Roles[0]?.Ref ?? '';
    const [functionId = ''] = functions.find(([, { Role }]) => Role['Fn::GetAtt'][0] === roleId) ?? [];
    if (ours.has(roleId)) return [];
    return properties.PolicyDocument.Statement.map(({ Action }, statement) => ({
      ...{ name: bare(functionId), functionId, roleId, policyName: properties.PolicyName },
      ...{ statement, actions: [Action].flat() },
    }));
  });
}

export function permissions(): Permission[] {
  return resourcesOf<{ FunctionName: { 'Fn::GetAtt': [string, string] }; SourceArn: unknown }>(
    'AWS::Lambda::Permission',
  ).map(([logicalId, { FunctionName, SourceArn }]) => {
    const [, method = '', path = ''] =
      /\/(GET|POST|PUT|DELETE)(\/[^"]*)"/.exec(JSON.stringify(SourceArn)) ?? [];
    return { logicalId, functionId: FunctionName['Fn::GetAtt'][0], method, path };
  });
}

/** The resource that an ARN in the template is made from. */
function nameOf(value: Value): string {
  if (typeof value === 'string') return value === '*' ? 'anything' : value;
  const ids = JSON.stringify(value).matchAll(/"(?:Ref":"|Fn::GetAtt":\[")([A-Za-z0-9]+)"/g);
  const id = [...ids].map(([, id = '']) => id).find((id) => id in template().Resources) ?? '';
  const [, index = ''] = /"(\/index\/\w+)"/.exec(JSON.stringify(value)) ?? [];
  return bare(id).replace(/Attachment$/, '') + index;
}
