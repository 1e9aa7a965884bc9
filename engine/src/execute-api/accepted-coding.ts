/** The codings that responses are compressed with. */
export type Coding = 'gzip' | 'deflate';

/**
 * What of AWS's codings a client prefers to all others; nothing where it prefers one that is not AWS's, or says nothing.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-enable-compression.html#api-gateway-supported-content-encodings
 */
export function acceptedCoding(acceptEncoding: string | undefined): Coding | undefined {
  const weights = new Map<string, number>();
  for (const part of (acceptEncoding ?? '').toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
    if (name) weights.set(name, Number(weight) || 0);
  }
  const most = Math.max(0, ...weights.values());
  if (most === 0) return undefined;
  const weightOf = (coding: Coding) => weights.get(coding) ?? weights.get('*') ?? 0;
  return (['gzip', 'deflate'] as const).find((coding) => weightOf(coding) === most);
}
