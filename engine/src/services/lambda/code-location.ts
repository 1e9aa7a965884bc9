import type { Call } from '../../kernel';

/** A link to an archive's bytes, for a few minutes, at the address the caller knows this engine by. */
export function codeLocation(call: Call, blob: string): string {
  return call.parts.addresses.endpointFor(call.http?.host) + call.parts.functions.codePath(blob);
}
