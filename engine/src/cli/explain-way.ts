import type { Explained } from '../cloud/explain';

type ApiRequest = Extract<NonNullable<Explained['request']>, { type: 'http' }>;

/** The stages that a request to an API went through, the one that answered, and what logs say of it. */
export function formatWay(request: ApiRequest, lines: Explained['lines']): string[] {
  const { answered, millis, reason, steps } = request;
  if (!steps) return [];
  const way = steps.map(([name, took]) => (took > 0 ? `${name} (${took} ms)` : name)).join(' > ');
  return [
    `${request.method} ${request.path} was answered ${request.status} by ${answered ?? 'API Gateway'} after ${millis} ms`,
    `  way       ${way || 'none: it was refused before the first stage'}`,
    ...(reason ? [`  because   ${reason}`] : []),
    ...lines.map(({ group, message }) => `  log       ${group}: ${message.trimEnd()}`),
  ];
}
