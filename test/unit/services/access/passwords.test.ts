import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { hashPassword, isPassword, PasswordBusyError } from '#lib/services/access/password.ts';
import { problemOfPassword } from '#lib/services/access/password-rules.ts';
import { PASSWORD } from '#test/support/access.ts';

// Hashing a password takes its time, and more on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe('a password', () => {
  it('is stored as a hash with its parameters, never the same twice', async () => {
    const [first, second] = [await hashPassword(PASSWORD), await hashPassword(PASSWORD)];
    expect(first).toMatch(/^scrypt\$16\$8\$2\$[\w-]{22}\$[\w-]{43}$/);
    expect(first).not.toBe(second);
    expect([await isPassword(PASSWORD, first), await isPassword(`${PASSWORD} `, first)]).toEqual([true, false]);
  });

  it('is the same however the keyboard composes its characters', async () => {
    const stored = await hashPassword('caf\u00e9 under the pines');
    expect(await isPassword('cafe\u0301 under the pines', stored)).toBe(true);
  });

  it('of an account that is not there is hashed all the same, and never right', async () => {
    const stored = await hashPassword(PASSWORD);
    const timed = async (against: string | null) => {
      const began = process.hrtime.bigint();
      const answer = await isPassword(PASSWORD, against);
      return { answer, took: Number(process.hrtime.bigint() - began) };
    };
    const [known, unknown, broken] = [await timed(stored), await timed(null), await timed('scrypt$nonsense')];
    expect([known.answer, unknown.answer, broken.answer]).toEqual([true, false, false]);
    // Without the work it would be a thousand times faster.
    expect(unknown.took).toBeGreaterThan(known.took / 5);
    expect(broken.took).toBeGreaterThan(known.took / 5);
  });

  it('is checked two at a time; who comes when too many wait is told so', async () => {
    const asked = Array.from({ length: 14 }, () => isPassword('x', null).catch((error: unknown) => error));
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => answer instanceof PasswordBusyError)).toHaveLength(2);
    expect(answers.filter((answer) => answer === false)).toHaveLength(12);
  });
});

describe('rules for passwords', () => {
  it.each([
    'short',
    'elevenchars',
    'x'.repeat(201),
    'aaaaaaaaaaaa',
    'abababababab',
    'password12345',
    'PASSWORD!!!!!',
    'qwertyuiop123',
    'abcdefghijklmnop',
    '123456789012',
    '210987654321',
    'letmein123456',
    'ada.lovelace@models.example',
    'ada.lovelace@models.example1',
    'adalovelace1815',
    'correct horse battery staple',
    'modeltrail2026!',
  ])('refuse %s', (password) => {
    expect(problemOfPassword(password, 'ada.lovelace@models.example')).toMatch(/\.$/);
  });

  it('ask for no kinds of characters', () => {
    for (const good of [
      PASSWORD,
      'nineteenlowercaselettershere',
      '7 9 2 6 8 1 4 0 3',
      'ünïcödé wörds här',
      '日本語のとても長い合言葉だよ',
    ]) {
      expect(problemOfPassword(good, 'ada'), good).toBeNull();
    }
  });

  it('take any long random text', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(problemOfPassword(uuid, 'ada')).toBeNull();
      }),
    );
  });
});
