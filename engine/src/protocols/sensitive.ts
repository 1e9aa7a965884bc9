import type { OperationModel, Shape } from './model';

/** Secret all the same, though AWS's models do not say so. */
const UNMARKED = new Set(['AuthToken', 'ParameterValue', 'SessionToken', 'TemplateBody', 'WebIdentityToken']);

/** The texts in an operation's input that belong in no log. */
export function sensitiveTexts(operation: OperationModel, input: object): string[] {
  const found: string[] = [];
  if (operation.input) collect(operation.input, input, false, found);
  return found;
}

function collect(shape: Shape, value: unknown, hidden: boolean, found: string[]): void {
  if (value === undefined || value === null) return;
  const secret = hidden || shape.json.sensitive === 1;
  if (typeof value === 'string') {
    if (secret) found.push(value);
  } else if (shape.type === 'list' && Array.isArray(value)) {
    for (const item of value) collect(shape.member.shape, item, secret, found);
  } else if (shape.type === 'map') {
    for (const item of Object.values(value)) collect(shape.value.shape, item, secret, found);
  } else if (shape.type === 'structure' || shape.type === 'union') {
    for (const { name, shape: inner } of shape.members) {
      collect(inner, Reflect.get(value, name), secret || UNMARKED.has(name), found);
    }
  } else if (shape.type === 'blob' && secret && ArrayBuffer.isView(value)) {
    found.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString());
  }
}
