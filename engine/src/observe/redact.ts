/** Shorter ones would be found in words that have nothing to do with them. */
const SHORTEST = 4;

/** A text for logs and events, without the secrets that it may quote; also where JSON has escaped them. */
export function redact(text: string, secrets: Iterable<string>): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    clean = clean.replaceAll(secret, '****').replaceAll(JSON.stringify(secret).slice(1, -1), '****');
  }
  return clean;
}
