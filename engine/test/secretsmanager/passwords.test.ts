import fc from 'fast-check';
import { randomIds } from '../../src/kernel';
import { randomPassword } from '../../src/services/secretsmanager/random-password';

const rules = fc.record({
  PasswordLength: fc.integer({ min: 5, max: 200 }),
  ExcludeCharacters: fc.string({ maxLength: 20 }),
  ExcludeNumbers: fc.boolean(),
  ExcludePunctuation: fc.boolean(),
  ExcludeUppercase: fc.boolean(),
  IncludeSpace: fc.boolean(),
  RequireEachIncludedType: fc.boolean(),
});

test('a password is as long as asked, without what is excluded and with what is required', () => {
  fc.assert(
    fc.property(rules, (asked) => {
      const password = randomPassword(randomIds, asked);
      expect(password).toHaveLength(asked.PasswordLength);
      for (const character of asked.ExcludeCharacters) expect(password).not.toContain(character);
      if (asked.ExcludeNumbers) expect(password).not.toMatch(/[0-9]/);
      if (asked.ExcludeUppercase) expect(password).not.toMatch(/[A-Z]/);
      if (asked.ExcludePunctuation) expect(password).toMatch(/^[A-Za-z0-9 ]*$/);
      if (!asked.IncludeSpace) expect(password).not.toContain(' ');
      if (asked.RequireEachIncludedType) {
        expect(password).toMatch(/[a-z]/);
        const digits = [...'0123456789'].filter((digit) => !asked.ExcludeCharacters.includes(digit));
        if (!asked.ExcludeNumbers && digits.length > 0) {
          expect(password).toMatch(/[0-9]/);
        }
      }
    }),
  );
});

test('a password too short for its required types is refused', () => {
  expect(() => randomPassword(randomIds, { PasswordLength: 3 })).toThrow(
    'Password length is too short based on the required types.',
  );
});
