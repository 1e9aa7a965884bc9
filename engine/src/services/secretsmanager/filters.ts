import { AwsError, type Call } from '../../kernel';
import type { Secret } from './store';

interface Filter {
  Key?: string | undefined;
  Values?: string[] | undefined;
}

export function checkFilters(filters: readonly Filter[] | undefined): void {
  for (const { Key, Values } of filters ?? []) {
    if (Key === undefined) throw new AwsError('InvalidParameterException', 'Invalid filter key');
    if (!Values?.length)
      throw new AwsError('InvalidParameterException', `Invalid filter values for key: ${Key}`);
  }
}

/** Filters match beginnings; a `!` in front turns one round. https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_search-secret.html */
export function matches(call: Call, secret: Secret, filters: readonly Filter[] | undefined): boolean {
  return (filters ?? []).every(({ Key, Values }) => {
    const texts = textsOf(call, secret, Key!);
    const positive = (Values ?? []).filter((value) => !value.startsWith('!'));
    const negative = (Values ?? []).filter((value) => value.startsWith('!')).map((value) => value.slice(1));
    const hit = (value: string) => texts.some(({ text, exact }) => begins(text, value, exact, Key!));
    return !negative.some(hit) && (positive.length === 0 || positive.some(hit));
  });
}

interface Text {
  text: string;
  /** Compared with regard to case. */
  exact: boolean;
}

function textsOf(call: Call, secret: Secret, key: string): Text[] {
  const name = { text: secret.name, exact: true };
  const description = { text: secret.description ?? '', exact: false };
  const keys = secret.tags.map(({ Key }) => ({ text: Key, exact: true }));
  const values = secret.tags.map(({ Value }) => ({ text: Value, exact: true }));
  switch (key) {
    case 'name':
      return [name];
    case 'description':
      return [description];
    case 'tag-key':
      return keys;
    case 'tag-value':
      return values;
    case 'primary-region':
      return [{ text: call.region, exact: false }];
    case 'all':
      return [name, description, ...keys, ...values].map(({ text }) => ({ text, exact: false }));
    default:
      return [];
  }
}

function begins(text: string, value: string, exact: boolean, key: string): boolean {
  const [held, wanted] = exact ? [text, value] : [text.toLowerCase(), value.toLowerCase()];
  if (key !== 'all' && key !== 'description') return held.startsWith(wanted);
  // These break what they look for into words, and every word must begin one of the text's.
  const words = held.split(/[^\p{L}\p{N}]+/u);
  return wanted
    .split(/\s+/)
    .filter((word) => word !== '')
    .every((word) => held.startsWith(word) || words.some((candidate) => candidate.startsWith(word)));
}
