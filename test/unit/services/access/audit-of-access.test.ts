import { expect, it, vi } from 'vitest';
import { auditEntries } from '#db/schema/audit.ts';
import { acceptInvitation } from '#lib/services/access/accept-invitation.ts';
import { changeName } from '#lib/services/access/change-name.ts';
import { changeUser } from '#lib/services/access/change-user.ts';
import { createToken } from '#lib/services/access/create-token.ts';
import { invite } from '#lib/services/access/invite.ts';
import { revokeToken } from '#lib/services/access/revoke-token.ts';
import { checkAuditChain } from '#lib/services/audit/check.ts';
import { listAudit } from '#lib/services/audit/list.ts';
import { PASSWORD, sessionOf, setUpAda, visitor } from '#test/support/access.ts';
import { openContext } from '#test/support/context.ts';

// Hashing a password takes its time, and more on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

it('every change of access stands in one chain, with who did it and without a secret', async () => {
  const ctx = openContext();
  const secrets = [await setUpAda(ctx)];
  const session = sessionOf(ctx, secrets[0] ?? '');
  if (!session) throw new Error('there is no session');
  const actor = { kind: 'user', id: session.userId, name: session.name } as const;
  const code = invite(ctx, { name: 'Grace', login: 'grace', role: 'viewer' }, actor);
  secrets.push(code, await acceptInvitation(ctx, { code, password: PASSWORD }, visitor()));
  const grace = sessionOf(ctx, secrets[2] ?? '')?.userId ?? '';
  changeUser(ctx, grace, { kind: 'role', role: 'investigator' }, actor);
  changeUser(ctx, grace, { kind: 'disable' }, actor);
  changeName(ctx, session, 'Ada L.');
  secrets.push(createToken(ctx, { name: 'ci', scopes: ['read'], expiresAt: null }, actor).token);
  revokeToken(ctx, 'ci', actor);

  const entries = await listAudit(ctx.database, { limit: 100 });
  expect(entries.map(({ action }) => action).reverse()).toEqual([
    'setup-code.made',
    'user.created',
    'user.signed-in',
    'user.invited',
    'user.created',
    'user.signed-in',
    'user.role-changed',
    'user.disabled',
    'sessions.ended',
    'user.renamed',
    'token.created',
    'token.revoked',
  ]);
  expect(new Set(entries.map(({ chain }) => chain))).toEqual(new Set(['access']));
  expect(entries[0]?.actor).toEqual(actor);
  const stored = JSON.stringify(ctx.database.db.select().from(auditEntries).all());
  for (const secret of [...secrets, PASSWORD, 'scrypt$']) expect(stored).not.toContain(secret);
  expect(await checkAuditChain(ctx.database, 'access')).toBeNull();
  expect(await listAudit(ctx.database, { action: 'token.', limit: 9 })).toHaveLength(2);
});
