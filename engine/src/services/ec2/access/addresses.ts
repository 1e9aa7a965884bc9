import type { Access, Call } from '../../../kernel';
import { all } from '../kinds';
import type { Address } from '../records';
import { newOne, on } from './resources';

/** An address by whatever a request names it with. */
function found(
  call: Call,
  asked: {
    AllocationId?: string | undefined;
    AssociationId?: string | undefined;
    PublicIp?: string | undefined;
  },
): Partial<Address> {
  if (asked.AllocationId !== undefined) return { id: asked.AllocationId };
  const address = all(call, 'address').find(({ association, publicIp }) =>
    asked.AssociationId === undefined ? publicIp === asked.PublicIp : association === asked.AssociationId,
  );
  return address ?? {};
}

const addresses: Access<'ec2'> = {
  AllocateAddress: (input, call) =>
    newOne(call, 'AllocateAddress', 'address', input, { 'ec2:Domain': input.Domain ?? 'vpc' }),
  ReleaseAddress: (input, call) => on(call, 'ReleaseAddress', 'address', found(call, input).id),
  AssociateAddress: (input, call) => [
    on(call, 'AssociateAddress', 'address', found(call, input).id),
    ...(input.NetworkInterfaceId === undefined
      ? []
      : [on(call, 'AssociateAddress', 'networkInterface', input.NetworkInterfaceId)]),
  ],
  DisassociateAddress: (input, call) => {
    const { id, networkInterface } = found(call, input);
    return [
      on(call, 'DisassociateAddress', 'address', id),
      ...(networkInterface === undefined
        ? []
        : [on(call, 'DisassociateAddress', 'networkInterface', networkInterface)]),
    ];
  },
};

export default addresses;
