import type { Selection } from './distributions';

/** Whether a header, cookie or query parameter of this name is selected. Header names must come in lower case. */
export function selects(selection: Selection, name: string): boolean {
  switch (selection.behaviour) {
    case 'all':
      return true;
    case 'some':
      return selection.names.some((one) => one === name || one.toLowerCase() === name);
    case 'except':
      return !selection.names.some((one) => one === name || one.toLowerCase() === name);
    default:
      return false;
  }
}

/** `a=1; b=2` with only the selected cookies; undefined where none is left. */
export function selectCookies(
  cookies: string | undefined,
  ...selections: readonly Selection[]
): string | undefined {
  const kept = (cookies ?? '')
    .split(';')
    .map((cookie) => cookie.trim())
    .filter((cookie) => {
      const name = cookie.split('=')[0] ?? '';
      return name !== '' && selections.some((selection) => selects(selection, name));
    });
  return kept.length === 0 ? undefined : kept.join('; ');
}

/** The query with only the selected parameters, in the order and encoding they came in. */
export function selectQuery(query: string, ...selections: readonly Selection[]): string {
  if (selections.some((selection) => selection.behaviour === 'all')) return query;
  return query
    .split('&')
    .filter((part) => {
      const name = part.split('=')[0] ?? '';
      return part !== '' && selections.some((selection) => selects(selection, name));
    })
    .join('&');
}
