import type { DocumentationPartLocation, DocumentationPartType } from '@aws-sdk/client-api-gateway';
import { badRequest } from '../errors';

/** What may be told of, and which of the location's members say where it is. */
const MEMBERS: Readonly<
  Record<DocumentationPartType, readonly ('path' | 'method' | 'statusCode' | 'name')[]>
> = {
  API: [],
  AUTHORIZER: ['name'],
  MODEL: ['name'],
  RESOURCE: ['path'],
  METHOD: ['path', 'method'],
  PATH_PARAMETER: ['path', 'method', 'name'],
  QUERY_PARAMETER: ['path', 'method', 'name'],
  REQUEST_HEADER: ['path', 'method', 'name'],
  REQUEST_BODY: ['path', 'method'],
  RESPONSE: ['path', 'method', 'statusCode'],
  RESPONSE_HEADER: ['path', 'method', 'statusCode', 'name'],
  RESPONSE_BODY: ['path', 'method', 'statusCode'],
};

const isType = (name: string): name is DocumentationPartType => Object.hasOwn(MEMBERS, name);

export const typeOf = (name: string): DocumentationPartType | undefined => (isType(name) ? name : undefined);

/** https://docs.aws.amazon.com/apigateway/latest/api/API_DocumentationPartLocation.html */
const DEFAULTS = { path: '/', method: '*', statusCode: '*', name: '' } as const;

/** The same for two locations that are one. */
export function keyOf(location: DocumentationPartLocation | undefined): string {
  const type = location?.type ?? 'API';
  return JSON.stringify([type, ...MEMBERS[type].map((member) => location?.[member] ?? DEFAULTS[member])]);
}

/** The location as it is kept, refused where it says what its type does not have. */
export function checkLocation(location: DocumentationPartLocation | undefined): DocumentationPartLocation {
  const type = location?.type;
  if (!location || !type) throw badRequest('Documentation part location type must be specified');
  const known: readonly string[] = MEMBERS[type];
  for (const [member, value] of Object.entries(location)) {
    if (member === 'type' || value === undefined) continue;
    if (!known.includes(member)) {
      throw badRequest(`Invalid location: '${member}' is not valid for the documentation part type ${type}`);
    }
  }
  if (known.includes('name') && !location.name) {
    throw badRequest(`Invalid location: 'name' is required for the documentation part type ${type}`);
  }
  return location;
}
