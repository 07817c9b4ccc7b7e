import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { users } from '#db/schema/user.ts';
import { acceptInvitation } from '#lib/services/access/accept-invitation.ts';
import { setUp } from '#lib/services/access/set-up.ts';
import { listAudit } from '#lib/services/audit/list.ts';
import { PASSWORD, visitor } from '#test/support/access.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { runCli } from './run-cli.ts';

// Each command is a process of its own.
vi.setConfig({ testTimeout: 120_000 });

describe('modeltrail user', () => {
  const folder = temporaryFolder();
  const path = join(folder.path, 'users.db');
  let ctx: TestContext;
  const user = (...args: string[]) => runCli(['user', ...args, '--database', path], folder.path);
  const codeIn = (text: string) => /[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}/.exec(text)?.[0] ?? '';

  beforeAll(() => {
    ctx = openContext(path);
    ctx.tick(Date.now() - ctx.now());
  });
  afterAll(() => {
    ctx.database.close();
    folder.remove();
  });

  it('prints a code that makes the first admin, and none once there is one', async () => {
    const made = await user('setup-code');
    expect(made.code).toBe(0);
    await setUp(ctx, { code: codeIn(made.stdout), name: 'Ada', login: 'ada', password: PASSWORD }, visitor());
    expect(await user('setup-code')).toMatchObject({ code: 1, stdout: expect.stringContaining('There is an admin') });
  });

  it('invites somebody by a link, with a role', async () => {
    const invited = await user('invite', 'grace', '--role', 'investigator', '--name', 'Grace');
    expect([invited.code, invited.stdout]).toEqual([0, expect.stringContaining('/invitation?code=')]);
    await acceptInvitation(ctx, { code: codeIn(invited.stdout), password: PASSWORD }, visitor());
    expect((await user('invite', 'grace')).code).toBe(1);
    expect((await user('invite', 'eve', '--role', 'root')).code).toBe(2);
    const listed = await user('list', '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject({
      users: [{ name: 'Ada' }, { name: 'Grace', role: 'investigator' }],
    });
    expect(listed.stdout).not.toContain('scrypt');
  });

  it('changes roles and keeps people out, but never the last admin', async () => {
    expect((await user('role', 'grace', 'viewer')).code).toBe(0);
    expect((await user('role', 'ada', 'viewer')).code).toBe(1);
    expect((await user('disable', 'ada')).code).toBe(1);
    expect((await user('disable', 'grace')).code).toBe(0);
    expect((await user('disable', 'nobody')).code).toBe(2);
    expect(ctx.database.db.select().from(users).all()).toMatchObject([
      { login: 'ada', role: 'admin', disabledAt: null },
      { login: 'grace', role: 'viewer', disabledAt: expect.any(Number) },
    ]);
    expect((await user('disable', 'grace', '--undo')).code).toBe(0);
    expect((await user('reset', 'grace')).stdout).toContain('/invitation?code=');
    expect((await listAudit(ctx.database, { limit: 1 }))[0]).toMatchObject({
      action: 'user.reset-invited',
      actor: { kind: 'command-line' },
    });
  });
});
