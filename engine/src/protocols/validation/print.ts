import type { Shape } from '../model';

/** Names and values as AWS's messages show them, which is how Java would. */

export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

export function printValue(shape: Shape, value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (shape.json.sensitive === 1) return '*** Sensitive Data Redacted ***';
  switch (shape.type) {
    case 'list':
      return `[${(value as unknown[]).map((item) => printValue(shape.member.shape, item)).join(', ')}]`;
    case 'map':
      return `{${Object.entries(value as object)
        .map(([key, item]) => `${key}=${printValue(shape.value.shape, item)}`)
        .join(', ')}}`;
    case 'structure':
    case 'union': {
      const from = value as Record<string, unknown>;
      const members = shape.members.map(
        (member) => `${lowerFirst(member.name)}=${printValue(member.shape, from[member.name])}`,
      );
      return `${shape.id}(${members.join(', ')})`;
    }
    default:
      return value instanceof Date ? value.toISOString() : String(value);
  }
}

/** Whether messages leave the value out: secrets and bytes. */
export function isHidden(shape: Shape): boolean {
  if (shape.json.sensitive === 1 || shape.type === 'blob') return true;
  if (shape.type === 'list') return isHidden(shape.member.shape);
  if (shape.type === 'map') return isHidden(shape.value.shape);
  return false;
}
