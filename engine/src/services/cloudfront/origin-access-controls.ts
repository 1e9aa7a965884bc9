import type { OriginAccessControlConfig } from '@aws-sdk/client-cloudfront';
import type { Call, Operation } from '../../kernel';
import { changed } from './changes';
import { checkVersion, fail, notThere, refuse } from './errors';
import { listPage } from './pages';
import { newId, tables, type Versioned } from './store';

type Control = Versioned<OriginAccessControlConfig>;

const shown = (control: Control) => ({ Id: control.id, OriginAccessControlConfig: control.config });

function requireControl(call: Call, id: string | undefined): Control {
  const control = tables(call).accessControls.get(id ?? '');
  if (!control) throw notThere('OriginAccessControl', 'The origin access control does not exist.');
  return control;
}

function check(call: Call, config: OriginAccessControlConfig, except?: string): void {
  if (config.OriginAccessControlOriginType !== 's3') {
    throw refuse(`OriginAccessControlOriginType ${config.OriginAccessControlOriginType}`);
  }
  for (const other of tables(call).accessControls.values()) {
    if (other.id !== except && other.config.Name === config.Name) {
      throw fail(
        'OriginAccessControlAlreadyExists',
        'An origin access control with the specified parameters already exists.',
        409,
      );
    }
  }
}

function users(call: Call, id: string) {
  return [...tables(call).distributions.values()].filter((distribution) =>
    distribution.config.Origins?.Items?.some((origin) => origin.OriginAccessControlId === id),
  );
}

export const createOriginAccessControl: Operation<'cloudfront', 'CreateOriginAccessControl'> = (
  input,
  call,
) => {
  const config = input.OriginAccessControlConfig!;
  check(call, config);
  const control = { id: newId(call), etag: newId(call), modified: call.clock.now(), config };
  tables(call).accessControls.put(control.id, control);
  const Location = `https://cloudfront.amazonaws.com/2020-05-31/origin-access-control/${control.id}`;
  return { OriginAccessControl: shown(control), Location, ETag: control.etag };
};

export const getOriginAccessControl: Operation<'cloudfront', 'GetOriginAccessControl'> = (input, call) => {
  const control = requireControl(call, input.Id);
  return { OriginAccessControl: shown(control), ETag: control.etag };
};

export const getOriginAccessControlConfig: Operation<'cloudfront', 'GetOriginAccessControlConfig'> = (
  input,
  call,
) => {
  const control = requireControl(call, input.Id);
  return { OriginAccessControlConfig: control.config, ETag: control.etag };
};

export const updateOriginAccessControl: Operation<'cloudfront', 'UpdateOriginAccessControl'> = async (
  input,
  call,
) => {
  const control = requireControl(call, input.Id);
  checkVersion(control.etag, input.IfMatch);
  const config = input.OriginAccessControlConfig!;
  check(call, config, control.id);
  const updated = { ...control, etag: newId(call), modified: call.clock.now(), config };
  tables(call).accessControls.put(control.id, updated);
  for (const distribution of users(call, control.id)) await changed(call, distribution.id);
  return { OriginAccessControl: shown(updated), ETag: updated.etag };
};

export const deleteOriginAccessControl: Operation<'cloudfront', 'DeleteOriginAccessControl'> = (
  input,
  call,
) => {
  const control = requireControl(call, input.Id);
  checkVersion(control.etag, input.IfMatch);
  if (users(call, control.id).length > 0) {
    throw fail(
      'OriginAccessControlInUse',
      'Cannot delete the origin access control because it is in use by one or more distributions.',
      409,
    );
  }
  tables(call).accessControls.remove(control.id);
  return {};
};

export const listOriginAccessControls: Operation<'cloudfront', 'ListOriginAccessControls'> = (
  input,
  call,
) => {
  const all = [...tables(call).accessControls.values()];
  const { items, ...page } = listPage(all, (control) => control.id, input);
  const Items = items.map(({ id, config }) => ({ ...config, Id: id, Description: config.Description ?? '' }));
  return { OriginAccessControlList: { ...page, Items } };
};
