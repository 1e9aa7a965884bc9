import type { DocumentationPart, DocumentationPartLocation } from '@aws-sdk/client-api-gateway';
import type { Call } from '../../../kernel';
import { tables } from '../store';
import { keyOf, typeOf } from './locations';

export interface PartInput {
  location: Omit<DocumentationPartLocation, 'type'> & { type: string };
  properties: Record<string, unknown>;
}

/** Puts parts where they belong; what is told of a place already is told anew. Gives the parts' ids. */
export function putParts(
  call: Call,
  apiId: string,
  parts: readonly PartInput[],
  issues: { warn(message: string): void },
): string[] {
  const { documentationParts } = tables(call);
  const ids = new Map<string, string>();
  for (const part of documentationParts.values({ prefix: [apiId] })) ids.set(keyOf(part.location), part.id);
  return parts.flatMap(({ location: given, properties }) => {
    const type = typeOf(given.type);
    if (type === undefined) {
      issues.warn(`Invalid documentation part location type '${given.type}'. Ignoring.`);
      return [];
    }
    const location: DocumentationPart['location'] = { ...given, type };
    const id = ids.get(keyOf(location)) ?? call.ids.lower(6);
    ids.set(keyOf(location), id);
    documentationParts.put([apiId, id], { id, location, properties: JSON.stringify(properties) });
    return [id];
  });
}
