import type { Fault } from '../faults';
import { HeaderList } from '../headers';

/** Status and headers that a function says its response has. */
export interface ResponseHead {
  status: number;
  headers: HeaderList;
}

/** The object that a function says its response is, which has no members but `keys`. */
export function responseObject(
  text: string,
  keys: ReadonlySet<string>,
  malformed: () => Fault,
): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed();
  }
  if (!isRecord(value) || Object.keys(value).some((key) => !keys.has(key))) throw malformed();
  return value;
}

/** Reads them; what is not as documented is answered with the fault. */
export function responseHead(value: Readonly<Record<string, unknown>>, malformed: () => Fault): ResponseHead {
  const headers = new HeaderList();
  for (const [name, list] of entriesOf(value.multiValueHeaders, malformed)) {
    if (!Array.isArray(list)) throw malformed();
    for (const one of list) headers.append(name, scalar(one, malformed));
  }
  for (const [name, one] of entriesOf(value.headers, malformed)) {
    // A name in both maps has the values of both, each once.
    const text = scalar(one, malformed);
    if (!headers.all(name).includes(text)) headers.append(name, text);
  }
  checkNames(headers, malformed);
  return { status: statusOf(value.statusCode, malformed), headers };
}

export function checkNames(headers: HeaderList, malformed: () => Fault): void {
  for (const [name, value] of headers.entries) {
    // Node would refuse these; so does AWS, and the function is at fault, not the engine.
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw malformed();
  }
}

function statusOf(status: unknown, malformed: () => Fault): number {
  if (status === undefined || status === null) return 200;
  const number = typeof status === 'number' || typeof status === 'string' ? Number(status) : Number.NaN;
  if (status === '' || !Number.isInteger(number) || number < 100 || number > 599) throw malformed();
  return number;
}

function entriesOf(map: unknown, malformed: () => Fault): [string, unknown][] {
  if (map === undefined || map === null) return [];
  if (!isRecord(map)) throw malformed();
  return Object.entries(map).filter(([, value]) => value !== null);
}

function scalar(value: unknown, malformed: () => Fault): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw malformed();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
