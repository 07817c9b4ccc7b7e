import { beforeEach, describe, expect, it, vi } from 'vitest';
import { sessions, users } from '#db/schema/user.ts';
import { acceptInvitation } from '#lib/services/access/accept-invitation.ts';
import { changePassword } from '#lib/services/access/change-password.ts';
import { changeUser } from '#lib/services/access/change-user.ts';
import { findSession } from '#lib/services/access/find-session.ts';
import { invite } from '#lib/services/access/invite.ts';
import { listSessions } from '#lib/services/access/list-sessions.ts';
import { revokeSessions } from '#lib/services/access/revoke-sessions.ts';
import { hashSecret, makeSecret } from '#lib/services/access/secret.ts';
import { signInWithPassword } from '#lib/services/access/sign-in-with-password.ts';
import { IDLE, LIFETIME, PASSWORD, sessionOf, setUpAda, visitor } from '#test/support/access.ts';
import { openContext, type TestContext } from '#test/support/context.ts';

// Hashing a password takes its time, and more on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let ctx: TestContext;
let secret: string;
const signIn = (before: string | null = null) =>
  signInWithPassword(ctx, { login: 'ada', password: PASSWORD }, visitor({ before }));

beforeEach(async () => {
  ctx = openContext();
  secret = await setUpAda(ctx);
});

describe('a session', () => {
  it('lets in whoever holds its secret, of which only the hash is stored', () => {
    expect(sessionOf(ctx, secret)).toMatchObject({ name: 'Ada', role: 'admin', method: 'setup' });
    const stored = ctx.database.db.select().from(sessions).all();
    expect(stored.map(({ id }) => id)).toEqual([hashSecret(secret)]);
    expect(JSON.stringify(stored)).not.toContain(secret);
    for (const other of [makeSecret(), hashSecret(secret), '', `${secret}x`]) expect(sessionOf(ctx, other)).toBeNull();
  });

  it('ends after its time, however much it is used', () => {
    for (let passed = 0; passed < LIFETIME; passed += IDLE / 2) {
      expect(sessionOf(ctx, secret), String(passed)).not.toBeNull();
      ctx.tick(IDLE / 2);
    }
    expect(sessionOf(ctx, secret)).toBeNull();
  });

  it('ends when it is not used, and at once where the configuration becomes stricter', () => {
    ctx.tick(IDLE - 1);
    expect(sessionOf(ctx, secret)).not.toBeNull();
    ctx.tick(60_000);
    expect(
      findSession(ctx.database, { secret, now: ctx.now(), lifetime: LIFETIME, idle: 60_000, providers: [] }),
    ).toBeNull();
    expect(findSession(ctx.database, { secret, now: ctx.now(), lifetime: 1000, idle: IDLE, providers: [] })).toBeNull();
    ctx.tick(IDLE);
    expect(sessionOf(ctx, secret)).toBeNull();
  });

  it('is another one after each sign-in, and the one before opens nothing more', async () => {
    const next = await signIn(secret);
    expect(next).not.toBe(secret);
    expect(sessionOf(ctx, secret)).toBeNull();
    expect(sessionOf(ctx, next)).not.toBeNull();
  });

  it('cannot be planted: a secret that somebody brought is never made one', async () => {
    const planted = makeSecret();
    const made = await signIn(planted);
    expect(made).not.toBe(planted);
    expect(sessionOf(ctx, planted)).toBeNull();
  });

  it('has the role of now, and ends with the account', async () => {
    const code = invite(ctx, { name: 'Grace', login: 'grace', role: 'viewer' }, { kind: 'command-line' });
    const hers = await acceptInvitation(ctx, { code, password: PASSWORD }, visitor());
    const id = sessionOf(ctx, hers)?.userId ?? '';
    changeUser(ctx, id, { kind: 'role', role: 'investigator' }, { kind: 'command-line' });
    expect(sessionOf(ctx, hers)?.role).toBe('investigator');
    changeUser(ctx, id, { kind: 'disable' }, { kind: 'command-line' });
    expect(sessionOf(ctx, hers)).toBeNull();
    changeUser(ctx, id, { kind: 'enable' }, { kind: 'command-line' });
    expect(sessionOf(ctx, hers)).toBeNull();
  });

  it('ends one by one, and all but one', async () => {
    const [second, third] = [await signIn(), await signIn()];
    const { userId, sessionId } = sessionOf(ctx, second) ?? { userId: '', sessionId: '' };
    const common = { userId, actor: { kind: 'command-line' }, why: 'test', now: ctx.now() } as const;
    expect(await listSessions(ctx.database, { userId, now: ctx.now(), idle: IDLE, providers: [] })).toHaveLength(3);
    expect(revokeSessions(ctx.database.db, { ...common, only: hashSecret(third) })).toBe(1);
    expect([sessionOf(ctx, third), sessionOf(ctx, secret) === null]).toEqual([null, false]);
    expect(revokeSessions(ctx.database.db, { ...common, except: sessionId })).toBe(1);
    expect(sessionOf(ctx, secret)).toBeNull();
    expect(sessionOf(ctx, second)).not.toBeNull();
  });

  it('of nobody else is ended by its id', async () => {
    const code = invite(ctx, { name: 'Grace', login: 'grace', role: 'viewer' }, { kind: 'command-line' });
    const hers = await acceptInvitation(ctx, { code, password: PASSWORD }, visitor());
    const { userId } = sessionOf(ctx, hers) ?? { userId: '' };
    const actor = { kind: 'command-line' } as const;
    expect(
      revokeSessions(ctx.database.db, { userId, only: hashSecret(secret), actor, why: 'test', now: ctx.now() }),
    ).toBe(0);
    expect(sessionOf(ctx, secret)).not.toBeNull();
  });

  it('goes on after a change of the password, while all others end', async () => {
    const other = await signIn();
    const session = sessionOf(ctx, secret);
    if (!session) throw new Error('there is no session');
    const given = { current: 'wrong', password: 'copper lantern nine rivers' };
    await expect(changePassword(ctx, session, given)).rejects.toThrow('another one');
    await changePassword(ctx, session, { ...given, current: PASSWORD });
    expect([sessionOf(ctx, other), sessionOf(ctx, secret) === null]).toEqual([null, false]);
    await expect(signIn()).rejects.toThrow('do not belong together');
  });
});

it('accounts that are disabled sign in no more, with the right password', async () => {
  ctx.database.db.update(users).set({ disabledAt: ctx.now() }).run();
  await expect(signIn()).rejects.toThrow('do not belong together');
});
