import { AwsError, type Call } from '../../kernel';
import { type ApiRecord, type ResourceRecord, tables } from './store';

export const notFound = (message: string) => new AwsError('NotFoundException', message, { status: 404 });
export const badRequest = (message: string) => new AwsError('BadRequestException', message, { status: 400 });
export const conflict = (message: string) => new AwsError('ConflictException', message, { status: 409 });

export function requireApi(call: Call, id: string | undefined): ApiRecord {
  const api = tables(call).apis.get(id ?? '');
  if (!api) throw notFound(`Invalid API identifier specified ${call.account}:${id}`);
  return api;
}

/** AWS looks for the resource first: an unknown API reads as an unknown resource. */
export function requireResource(
  call: Call,
  apiId: string | undefined,
  id: string | undefined,
): ResourceRecord {
  const resource = tables(call).resources.get([apiId ?? '', id ?? '']);
  if (!resource) throw notFound('Invalid Resource identifier specified');
  return resource;
}
