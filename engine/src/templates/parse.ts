import { yamlParse } from 'yaml-cfn';
import { refuse } from './refusal';
import { isObject, type JsonObject } from './template';

/** YAML's tree lets aliases share a node; a template is a tree of its own. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}

function jsonPosition(body: string, error: unknown): string {
  const text = error instanceof Error ? error.message : '';
  const at = /position (\d+)/.exec(text)?.[1];
  const before = body.slice(0, at === undefined ? body.length : Number(at));
  const lines = before.split('\n');
  return `(line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1})`;
}

function yamlPosition(error: unknown): string {
  const mark = isObject(error) && isObject(error.mark) ? error.mark : undefined;
  if (typeof mark?.line !== 'number' || typeof mark.column !== 'number') return '';
  return ` (line ${mark.line + 1}, column ${mark.column + 1})`;
}

/** A template's text as an object: JSON where it begins with a brace, else YAML with the short forms of intrinsics. */
export function parseTemplate(body: string): JsonObject {
  let value: unknown;
  if (/^\s*\{/.test(body)) {
    try {
      value = JSON.parse(body);
    } catch (error) {
      // A flow mapping in YAML begins with a brace too.
      try {
        value = plain(yamlParse(body));
      } catch {
        throw refuse(`Template format error: JSON not well-formed. ${jsonPosition(body, error)}`);
      }
    }
  } else {
    try {
      value = plain(yamlParse(body));
    } catch (error) {
      throw refuse(`Template format error: YAML not well-formed.${yamlPosition(error)}`);
    }
  }
  if (!isObject(value)) throw refuse('Template format error: unsupported structure.');
  return value;
}
