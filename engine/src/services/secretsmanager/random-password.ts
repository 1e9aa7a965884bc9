import type { Ids, Operation } from '../../kernel';
import { invalidParameter } from './store';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const NUMBERS = '0123456789';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

export interface PasswordRules {
  PasswordLength?: number | undefined;
  ExcludeCharacters?: string | undefined;
  ExcludeNumbers?: boolean | undefined;
  ExcludePunctuation?: boolean | undefined;
  ExcludeUppercase?: boolean | undefined;
  ExcludeLowercase?: boolean | undefined;
  IncludeSpace?: boolean | undefined;
  RequireEachIncludedType?: boolean | undefined;
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html */
export function randomPassword(ids: Ids, rules: PasswordRules): string {
  const length = rules.PasswordLength ?? 32;
  const excluded = new Set(rules.ExcludeCharacters ?? '');
  const types = [
    rules.ExcludeLowercase ? '' : LOWER,
    rules.ExcludeUppercase ? '' : UPPER,
    rules.ExcludeNumbers ? '' : NUMBERS,
    rules.ExcludePunctuation ? '' : PUNCTUATION,
    rules.IncludeSpace ? ' ' : '',
  ]
    .map((characters) => [...characters].filter((character) => !excluded.has(character)).join(''))
    .filter((characters) => characters !== '');
  const alphabet = types.join('');
  if (alphabet === '') {
    throw invalidParameter('The parameters exclude every character: there is none to make a password of.');
  }
  const each = rules.RequireEachIncludedType ?? true;
  if (each && length < types.length) {
    throw invalidParameter('Password length is too short based on the required types.');
  }
  const characters = each ? types.map((type) => ids.of(type, 1)) : [];
  characters.push(...ids.of(alphabet, length - characters.length));
  return shuffled(ids, characters).join('');
}

/** Fisher and Yates: so that the required types are not always the first. */
function shuffled(ids: Ids, characters: string[]): string[] {
  for (let last = characters.length - 1; last > 0; last -= 1) {
    // 32 bits against at most 4,096 places: what is left of evenness after the remainder cannot be noticed.
    const other = Number.parseInt(ids.hex(8), 16) % (last + 1);
    [characters[last], characters[other]] = [characters[other]!, characters[last]!];
  }
  return characters;
}

export const getRandomPassword: Operation<'secretsmanager', 'GetRandomPassword'> = (input, call) => ({
  RandomPassword: randomPassword(call.ids, input),
});
