import { beforeEach, describe, expect, it, vi } from 'vitest';
import { signInSteps, users } from '#db/schema/user.ts';
import { acceptInvitation } from '#lib/services/access/accept-invitation.ts';
import { invite } from '#lib/services/access/invite.ts';
import { signInWithPassword } from '#lib/services/access/sign-in-with-password.ts';
import { PASSWORD, sessionOf, setUpAda, visitor } from '#test/support/access.ts';
import { openContext, type TestContext } from '#test/support/context.ts';

// Hashing a password takes its time, and more on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let ctx: TestContext;
const ADMIN = { kind: 'command-line' } as const;
const GRACE = { name: 'Grace', login: 'Grace@Models.example ', role: 'investigator' } as const;
const accept = (code: string, password = PASSWORD) => acceptInvitation(ctx, { code, password }, visitor());

beforeEach(async () => {
  ctx = openContext();
  await setUpAda(ctx);
});

describe('an invitation', () => {
  it('lets somebody set a password, once, and makes the account with the role that was given', async () => {
    const code = invite(ctx, GRACE, ADMIN);
    expect(JSON.stringify(ctx.database.db.select().from(signInSteps).all())).not.toContain(code);
    expect(sessionOf(ctx, await accept(code))).toMatchObject({ name: 'Grace', role: 'investigator' });
    await expect(accept(code)).rejects.toThrow('not one that counts');
    await signInWithPassword(ctx, { login: 'GRACE@models.example', password: PASSWORD }, visitor());
  });

  it('counts for three days, and still does after a password that is refused', async () => {
    const code = invite(ctx, GRACE, ADMIN);
    await expect(accept(code, 'short')).rejects.toThrow('at least 12');
    await accept(code);
    const late = invite(ctx, { ...GRACE, login: 'late' }, ADMIN);
    ctx.tick(72 * 3_600_000 + 1);
    await expect(accept(late)).rejects.toThrow('older than three days');
  });

  it('is no set-up code, and a set-up code no invitation', async () => {
    await expect(accept('7QK2M-00111-ABCDE-FGHJK')).rejects.toThrow('not one that counts');
  });

  it('is refused for a login that is taken, or that cannot be told from another', () => {
    for (const login of ['ada', 'ADA', 'аda', 'a da', '', 'ada\u200b', '.ada', 'x'.repeat(101)]) {
      expect(() => invite(ctx, { ...GRACE, login }, ADMIN), login).toThrow(/login/i);
    }
    for (const name of ['', '\u0000', 'Ada\u202E', 'x'.repeat(101)]) {
      expect(() => invite(ctx, { ...GRACE, name }, ADMIN), JSON.stringify(name)).toThrow('name');
    }
  });

  it('resets a password: the old one and all sessions end when it is used, not before', async () => {
    const [ada] = ctx.database.db.select().from(users).all();
    const before = await signInWithPassword(ctx, { login: 'ada', password: PASSWORD }, visitor());
    const code = invite(ctx, { userId: ada?.id ?? '' }, ADMIN);
    expect(sessionOf(ctx, before)).not.toBeNull();
    const after = await accept(code, 'copper lantern nine rivers');
    expect([sessionOf(ctx, before), sessionOf(ctx, after)?.userId]).toEqual([null, ada?.id]);
    await expect(signInWithPassword(ctx, { login: 'ada', password: PASSWORD }, visitor())).rejects.toThrow();
  });

  it('opens no account that was disabled meanwhile', async () => {
    const [ada] = ctx.database.db.select().from(users).all();
    const code = invite(ctx, { userId: ada?.id ?? '' }, ADMIN);
    ctx.database.db.update(users).set({ disabledAt: 1 }).run();
    await expect(accept(code)).rejects.toThrow('not one that counts');
  });
});
