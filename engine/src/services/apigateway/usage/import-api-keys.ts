import { type Call, isAwsError, type Operation } from '../../../kernel';
import { badRequest, conflict } from '../errors';
import { makeKey } from './api-keys';
import { usageCollections } from './store';

const COLUMNS = ['name', 'key', 'description', 'enabled', 'usageplanids'];

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-key-file-format.html */
function rows(text: string): Record<string, string>[] {
  const lines = parseCsv(text.replace(/^\uFEFF/, ''));
  const head = (lines.shift() ?? []).map((name) => name.trim().toLowerCase());
  const unknown = head.find((name) => !COLUMNS.includes(name));
  if (unknown !== undefined) throw badRequest(`Invalid header in API Key file: ${unknown}`);
  if (!head.includes('name') || !head.includes('key'))
    throw badRequest('API Key file must have the headers Name and Key');
  return lines
    .filter((cells) => cells.some((cell) => cell.trim() !== ''))
    .map((cells) => Object.fromEntries(head.map((name, at) => [name, (cells[at] ?? '').trim()])));
}

/** RFC 4180: cells may be quoted, quotes in them are doubled. */
function parseCsv(text: string): string[][] {
  const lines: string[][] = [];
  for (const line of text.match(/(?:"(?:[^"]|"")*"|[^"\r\n])+/g) ?? []) {
    const cells = [...`,${line}`.matchAll(/,(?:\s*"((?:[^"]|"")*)"\s*|([^,]*))(?=,|$)/g)];
    lines.push(cells.map(([, quoted, plain]) => quoted?.replace(/""/g, '"') ?? plain ?? ''));
  }
  return lines;
}

function addToPlans(call: Call, keyId: string, planIds: readonly string[]): string[] {
  const { plans, planKeys, plansOfKey } = usageCollections(call.store);
  const warnings: string[] = [];
  for (const planId of planIds) {
    if (!plans.has(planId)) {
      warnings.push(
        `Unable to add API Key ${keyId} to Usage Plan ${planId}: Invalid Usage Plan ID specified`,
      );
      continue;
    }
    planKeys.put([planId, keyId], { planId, keyId, since: call.clock.millis() });
    plansOfKey.put([keyId, planId], planId);
  }
  return warnings;
}

function importRow(call: Call, row: Record<string, string>, ids: string[]): string[] {
  try {
    const { id } = makeKey(call, {
      name: row.name,
      value: row.key,
      description: row.description || undefined,
      enabled: row.enabled?.toLowerCase() === 'true',
    });
    ids.push(id);
    return addToPlans(
      call,
      id,
      (row.usageplanids ?? '')
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean),
    );
  } catch (error) {
    if (!isAwsError(error)) throw error;
    return [`Unable to import API Key ${row.name}: ${error.message}`];
  }
}

/** A blob is bytes by the time an operation sees it. */
function textOf(body: unknown): string {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : '';
}

export const importApiKeys: Operation<'apigateway', 'ImportApiKeys'> = (input, call) => {
  const wanted = rows(textOf(input.body));
  const ids: string[] = [];
  return call.store.transaction(() => {
    const warnings = wanted.flatMap((row) => importRow(call, row, ids));
    if (input.failOnWarnings && warnings.length > 0) {
      const [first = ''] = warnings;
      throw first.endsWith('already exists') ? conflict(first) : badRequest(first);
    }
    return { ids, warnings };
  });
};
