import { beforeEach, describe, expect, it, vi } from 'vitest';
import { signInSteps, users } from '#db/schema/user.ts';
import { makeSetupCode } from '#lib/services/access/make-setup-code.ts';
import { makeCode, readCode } from '#lib/services/access/secret.ts';
import { setUp } from '#lib/services/access/set-up.ts';
import { PASSWORD, sessionOf, setUpAda, visitor } from '#test/support/access.ts';
import { openContext, type TestContext } from '#test/support/context.ts';

// Hashing a password takes its time, and more on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let ctx: TestContext;
const ADA = { name: 'Ada', login: 'ada', password: PASSWORD };
const count = () => ctx.database.db.select().from(users).all().length;

beforeEach(() => {
  ctx = openContext();
});

describe('the set-up code', () => {
  it('has a hundred random bits, and is stored as a hash', () => {
    const code = makeSetupCode(ctx, { kind: 'jobs' });
    expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$/);
    expect(new Set(Array.from({ length: 100 }, makeCode)).size).toBe(100);
    expect(JSON.stringify(ctx.database.db.select().from(signInSteps).all())).not.toContain(code);
  });

  it('makes the first admin, once', async () => {
    const code = makeSetupCode(ctx, { kind: 'jobs' });
    const secret = await setUp(ctx, { ...ADA, code: code.toLowerCase().replaceAll('-', ' ') }, visitor());
    expect(sessionOf(ctx, secret)).toMatchObject({ name: 'Ada', role: 'admin' });
    await expect(setUp(ctx, { ...ADA, login: 'eve', code }, visitor())).rejects.toThrow('There is an admin already');
    expect(count()).toBe(1);
  });

  it('counts for a day, and until another is made', async () => {
    const [first, second] = [makeSetupCode(ctx, { kind: 'jobs' }), makeSetupCode(ctx, { kind: 'jobs' })];
    await expect(setUp(ctx, { ...ADA, code: first }, visitor())).rejects.toThrow('not the one');
    ctx.tick(86_400_001);
    await expect(setUp(ctx, { ...ADA, code: second }, visitor())).rejects.toThrow('older than a day');
    expect(count()).toBe(0);
  });

  it('is not used up by a form that is refused', async () => {
    const code = makeSetupCode(ctx, { kind: 'jobs' });
    for (const wrong of [{ password: 'short' }, { login: 'Ada Lovelace' }, { name: '\u202Eadmin' }, { name: '' }]) {
      await expect(setUp(ctx, { ...ADA, ...wrong, code }, visitor())).rejects.toThrow();
    }
    await setUp(ctx, { ...ADA, code }, visitor());
    expect(count()).toBe(1);
  });

  it('cannot be guessed: after five tries, nothing is tried for a while', async () => {
    const code = makeSetupCode(ctx, { kind: 'jobs' });
    for (let i = 0; i < 5; i++) {
      await expect(setUp(ctx, { ...ADA, code: makeCode() }, visitor())).rejects.toThrow('not the one');
    }
    await expect(setUp(ctx, { ...ADA, code }, visitor())).rejects.toThrow('Too many attempts');
    ctx.tick(30_000);
    await setUp(ctx, { ...ADA, code }, visitor());
  });

  it('is made no more where there is an admin', async () => {
    await setUpAda(ctx);
    expect(() => makeSetupCode(ctx, { kind: 'jobs' })).toThrow('There is an admin already');
  });

  it('is read however it was typed', () => {
    expect(readCode(' 7qk2m 0o1il abcde-fghjk ')).toBe('7QK2M-00111-ABCDE-FGHJK');
    for (const wrong of ['', 'x'.repeat(10_000), '7QK2M-00111-ABCDE-FGHJU', '7QK2M-00111-ABCDE-FGHJKK']) {
      expect(readCode(wrong)).toBeNull();
    }
  });
});
