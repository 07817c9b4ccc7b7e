import { beforeEach, describe, expect, it, vi } from 'vitest';
import { users } from '#db/schema/user.ts';
import { acceptInvitation } from '#lib/services/access/accept-invitation.ts';
import { changeUser } from '#lib/services/access/change-user.ts';
import { invite } from '#lib/services/access/invite.ts';
import { listUsers } from '#lib/services/access/list-users.ts';
import { PASSWORD, sessionOf, setUpAda, visitor } from '#test/support/access.ts';
import { openContext, type TestContext } from '#test/support/context.ts';

// Hashing a password takes its time, and more on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let ctx: TestContext;
let ada: string;
const BY = { kind: 'command-line' } as const;

beforeEach(async () => {
  ctx = openContext();
  ada = sessionOf(ctx, await setUpAda(ctx))?.userId ?? '';
});

async function join(login: string, role: 'viewer' | 'admin'): Promise<string> {
  const code = invite(ctx, { name: login, login, role }, BY);
  return sessionOf(ctx, await acceptInvitation(ctx, { code, password: PASSWORD }, visitor()))?.userId ?? '';
}

describe('the last admin', () => {
  it('cannot be made less, or disabled', async () => {
    await join('grace', 'viewer');
    for (const change of [{ kind: 'role', role: 'viewer' }, { kind: 'disable' }] as const) {
      expect(() => changeUser(ctx, ada, change, BY)).toThrow('last admin');
    }
    expect((await listUsers(ctx.database, { now: ctx.now() })).find(({ id }) => id === ada)).toMatchObject({
      role: 'admin',
      disabledAt: null,
    });
  });

  it('can, once there is another', async () => {
    const grace = await join('grace', 'admin');
    changeUser(ctx, ada, { kind: 'role', role: 'viewer' }, BY);
    expect(() => changeUser(ctx, grace, { kind: 'disable' }, BY)).toThrow('last admin');
  });
});

it('a role that the identity provider says is not changed here', () => {
  const account = { id: 'usr_oidc', name: 'Ida', role: 'viewer', createdAt: 1 } as const;
  ctx.database.db
    .insert(users)
    .values({ ...account, oidcIssuer: 'https://accounts.models.example', oidcSubject: '7' })
    .run();
  expect(() => changeUser(ctx, 'usr_oidc', { kind: 'role', role: 'admin' }, BY)).toThrow('identity provider');
});

it('people are listed without anything that lets anybody in', async () => {
  const listed = JSON.stringify(await listUsers(ctx.database, { now: ctx.now() }));
  expect(listed).not.toMatch(/scrypt|passwordHash|oidcSubject/);
  expect(listed).toContain('"hasPassword":true');
});
