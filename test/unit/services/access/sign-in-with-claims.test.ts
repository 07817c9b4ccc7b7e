import { beforeEach, describe, expect, it, vi } from 'vitest';
import { users } from '#db/schema/user.ts';
import { oidcSchema } from '#lib/config/oidc-schema.ts';
import { changeUser } from '#lib/services/access/change-user.ts';
import { roleOfClaims } from '#lib/services/access/role-of-claims.ts';
import { signInWithClaims } from '#lib/services/access/sign-in-with-claims.ts';
import { sessionOf, setUpAda, visitor } from '#test/support/access.ts';
import { openContext, type TestContext } from '#test/support/context.ts';

// Hashing a password takes its time, and more on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const ISSUER = 'https://accounts.models.example';
const provider = oidcSchema.parse({
  name: 'accounts',
  issuer: ISSUER,
  'client-id': 'modeltrail',
  roles: [
    { role: 'viewer', 'email-domain': 'models.example' },
    { role: 'investigator', group: 'response' },
    { role: 'admin', claim: { name: 'https://models.example/dashboard', value: 'admin' } },
    { role: 'admin', subject: 'root-7' },
  ],
});

let ctx: TestContext;
beforeEach(() => {
  ctx = openContext();
});
const signIn = (claims: object, by = provider) =>
  sessionOf(ctx, signInWithClaims(ctx, { claims: { iss: ISSUER, sub: '7', ...claims }, provider: by }, visitor()), [
    by,
  ]);

describe('roles from claims', () => {
  it('are the highest that a rule gives, compared as they are', () => {
    const role = (claims: object) => roleOfClaims(claims as Record<string, unknown>, provider);
    expect(role({ email: 'ida@models.example', email_verified: true })).toBe('viewer');
    expect(role({ email: 'ida@MODELS.example', email_verified: true, groups: ['staff', 'response'] })).toBe(
      'investigator',
    );
    expect(role({ 'https://models.example/dashboard': 'admin', groups: ['response'] })).toBe('admin');
    expect(role({ sub: 'root-7' })).toBe('admin');
  });

  it('are not given for what only looks like it', () => {
    for (const claims of [
      { email: 'ida@models.example' },
      { email: 'ida@models.example', email_verified: 'true' },
      { email: 'ida@evil.example@models.example', email_verified: true },
      { email: 'ida@sub.models.example', email_verified: true },
      { email: ['ida@models.example'], email_verified: true },
      { groups: 'responses' },
      { groups: [['response']] },
      { groups: { response: true } },
      { sub: 'ROOT-7' },
      {},
    ]) {
      expect(roleOfClaims(claims as Record<string, unknown>, provider), JSON.stringify(claims)).toBeNull();
    }
  });
});

describe('a sign-in with an identity provider', () => {
  it('refuses somebody without a role, and makes no account', () => {
    expect(() => signIn({})).toThrow('gives a role');
    expect(ctx.database.db.select().from(users).all()).toEqual([]);
  });

  it('is of issuer and subject: an e-mail address takes nobody else’s account over', async () => {
    await setUpAda(ctx);
    ctx.database.db.update(users).set({ email: 'ada@models.example', login: 'ada@models.example' }).run();
    const claims = { email: 'ada@models.example', email_verified: true, preferred_username: 'ada@models.example' };
    const session = signIn(claims);
    expect(session).toMatchObject({ role: 'viewer', method: 'oidc' });
    const other = signIn({ ...claims, iss: 'https://elsewhere.example' });
    const third = signIn({ ...claims, sub: '8' });
    expect(new Set([session?.userId, other?.userId, third?.userId]).size).toBe(3);
    expect(signIn(claims)?.userId).toBe(session?.userId);
  });

  it('has the role that the configuration gives now, up and down', () => {
    expect(signIn({ sub: 'x', groups: ['response'] })?.role).toBe('investigator');
    const { userId } = signIn({ sub: 'x', email: 'x@models.example', email_verified: true }) ?? { userId: '' };
    expect(ctx.database.db.select().from(users).all()).toMatchObject([{ id: userId, role: 'viewer' }]);
    expect(() => signIn({ sub: 'x' })).toThrow('gives a role');
  });

  it('opens no account that an admin has disabled', () => {
    const { userId } = signIn({ groups: ['response'] }) ?? { userId: '' };
    changeUser(ctx, userId, { kind: 'disable' }, { kind: 'command-line' });
    expect(() => signIn({ groups: ['response'] })).toThrow('disabled');
  });

  it('shows a name that can be shown, whatever the provider says', () => {
    for (const [claims, name] of [
      [{ name: 'Ida' }, 'Ida'],
      [{ name: '\u202E\u0000', preferred_username: 'ida' }, 'ida'],
      [{ name: 7, sub: 's' }, 's'],
    ] as const) {
      expect(signIn({ groups: ['response'], ...claims })?.name).toBe(name);
    }
  });
});
