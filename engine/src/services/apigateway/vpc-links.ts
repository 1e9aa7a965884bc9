import type { VpcLink } from '@aws-sdk/client-api-gateway';
import type { Call, Operation } from '../../kernel';
import { badRequest, notFound } from './errors';
import { page } from './pages';
import { invalidPath, patches, patchMap } from './patch';
import { tables, type VpcLinkRecord } from './store';

export function requireLink(call: Call, id: string | undefined): VpcLinkRecord {
  const link = tables(call).vpcLinks.get(id ?? '');
  if (!link) throw notFound('Invalid Vpc Link identifier specified');
  return link;
}

/** A link is ready by the time anybody asks. */
const ready = (link: VpcLinkRecord): VpcLink => ({
  ...link,
  status: 'AVAILABLE',
  statusMessage: 'Your vpc link is ready for use',
});

/**
 * Links are kept and shown; integrations through one are refused by their connection type.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_CreateVpcLink.html
 */
export const createVpcLink: Operation<'apigateway', 'CreateVpcLink'> = (input, call) => {
  const { description, name = '', tags, targetArns = [] } = input;
  if (!name) throw badRequest('VPC link name cannot be blank');
  if (targetArns.length !== 1) throw badRequest('Exactly one target ARN must be specified');
  const isBalancer = /^arn:[\w-]+:elasticloadbalancing:[\w-]+:\d{12}:loadbalancer\/net\/[\w-]+\/\w+$/;
  if (!isBalancer.test(targetArns[0] ?? '')) throw badRequest('Invalid ARN. ARN is not well formed');
  const id = call.ids.lower(6);
  const link: VpcLinkRecord = {
    id,
    name,
    description,
    targetArns,
    tags: tags && Object.keys(tags).length > 0 ? tags : undefined,
  };
  tables(call).vpcLinks.put(id, link);
  return { ...link, status: 'PENDING' };
};

const shown = (link: VpcLinkRecord): VpcLink => ({ ...ready(link), tags: link.tags ?? {} });

export const getVpcLink: Operation<'apigateway', 'GetVpcLink'> = (input, call) =>
  shown(requireLink(call, input.vpcLinkId));

export const getVpcLinks: Operation<'apigateway', 'GetVpcLinks'> = (input, call) =>
  page([...tables(call).vpcLinks.values()].map(ready), (link) => link.id ?? '', input);

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateVpcLink-Patch */
export const updateVpcLink: Operation<'apigateway', 'UpdateVpcLink'> = (input, call) => {
  const link = requireLink(call, input.vpcLinkId);
  for (const { op, parts, path, value } of patches(input.patchOperations)) {
    const [first, key] = parts;
    if (first === 'tags' && key) link.tags = patchMap(link.tags, key, op === 'remove' ? undefined : value);
    else if (op === 'replace' && path === '/name' && value) link.name = value;
    else if (op === 'replace' && path === '/description') link.description = value;
    else throw invalidPath(path);
  }
  tables(call).vpcLinks.put(link.id, link);
  return shown(link);
};

export const deleteVpcLink: Operation<'apigateway', 'DeleteVpcLink'> = (input, call) => {
  const { id } = requireLink(call, input.vpcLinkId);
  tables(call).vpcLinks.remove(id);
  return {};
};
