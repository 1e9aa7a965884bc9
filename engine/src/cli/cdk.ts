import type { Advice, Grant, Grantee } from '../identity/decisions';

/** A statement as a CDK app says it, with plain ARNs. */
export function cdkStatement(grant: NonNullable<Advice['grant']>, indent = ''): string {
  const { actions, resources, grantee } = grant;
  if (grantee?.kind === 'service' && actions.includes('lambda:InvokeFunction'))
    return permission(grantee, indent);
  // A role's trust policy stands for the role itself.
  const isTrust = grantee !== undefined && actions.every((action) => action.startsWith('sts:'));
  const members = [
    ...(grantee ? [`principals: [${cdkPrincipal(grantee)}]`] : []),
    `actions: ${list(actions, indent)}`,
    ...(isTrust ? [] : [`resources: ${list(resources, indent)}`]),
    ...(grantee?.sourceArn === undefined
      ? []
      : [`conditions: { ArnLike: { 'aws:SourceArn': ${quoted(grantee.sourceArn)} } }`]),
  ];
  return [
    'new iam.PolicyStatement({',
    ...members.map((member) => `${indent}  ${member},`),
    `${indent}})`,
  ].join('\n');
}

/** The statements of a policy, each with a comma behind it: elements of a list. */
export function cdkStatements(grants: readonly Grant[], indent = ''): string {
  return grants.map((grant) => `${indent}${cdkStatement(grant, indent)},`).join('\n');
}

/** A function's policy is written in permissions. */
function permission({ name, sourceArn }: Grantee, indent: string): string {
  const source = sourceArn === undefined ? [] : [`${indent}  sourceArn: ${quoted(sourceArn)},`];
  return [
    `theFunction.addPermission('Invoke', {`,
    `${indent}  principal: new iam.ServicePrincipal(${quoted(name)}),`,
    ...source,
    `${indent}})`,
  ].join('\n');
}

function cdkPrincipal({ kind, name }: Grantee): string {
  if (kind === 'everybody') return 'new iam.AnyPrincipal()';
  if (kind === 'service') return `new iam.ServicePrincipal(${quoted(name)})`;
  return kind === 'provider'
    ? `new iam.FederatedPrincipal(${quoted(name)})`
    : `new iam.ArnPrincipal(${quoted(name)})`;
}

function list(texts: readonly string[], indent: string): string {
  const [only] = texts;
  if (texts.length === 1 && only !== undefined) return `[${quoted(only)}]`;
  return ['[', ...texts.map((text) => `${indent}    ${quoted(text)},`), `${indent}  ]`].join('\n');
}

/** A literal of TypeScript. */
const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
