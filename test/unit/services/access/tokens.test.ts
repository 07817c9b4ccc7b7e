import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokens } from '#db/schema/access.ts';
import { checkToken } from '#lib/services/access/check-token.ts';
import { createToken, TokenNameTakenError } from '#lib/services/access/create-token.ts';
import { listTokens } from '#lib/services/access/list-tokens.ts';
import { revokeToken } from '#lib/services/access/revoke-token.ts';
import type { Scope } from '#lib/services/access/scope.ts';
import { SCOPES } from '#lib/services/access/scope.ts';
import { openContext, type TestContext } from '#test/support/context.ts';

let ctx: TestContext;
beforeEach(() => {
  ctx = openContext();
});
afterEach(() => ctx.database.close());

const make = (name = 'pipeline', scopes: Scope[] = ['ingest'], expiresAt: number | null = null) =>
  createToken(ctx, { name, scopes, expiresAt }, { kind: 'command-line' }).token;
const check = (token: string) => checkToken(ctx.database, { token, now: ctx.now() });

describe('tokens', () => {
  it('let in whoever holds one, for what it was made for', async () => {
    const token = make('pipeline', ['ingest', 'read']);
    expect(token).toMatch(/^mt_[A-Za-z0-9_-]{43}$/);
    expect(await check(token)).toMatchObject({ name: 'pipeline', scopes: ['ingest', 'read'] });
    expect((await check(make('all', ['admin'])))?.scopes).toEqual([...SCOPES]);
  });

  it('are not kept: nothing in the database lets anybody in', async () => {
    const token = make();
    expect(JSON.stringify(ctx.database.db.select().from(tokens).all())).not.toContain(token.slice(10));
    const [row] = ctx.database.db.select().from(tokens).all();
    expect(await check(row?.sha256 ?? '')).toBeNull();
    expect(await check(`mt_${row?.sha256.slice(0, 43)}`)).toBeNull();
    expect(JSON.stringify(await listTokens(ctx.database))).not.toContain(row?.sha256);
  });

  it.each(['', 'mt_', `mt_${'a'.repeat(43)}`, `mt_${'a'.repeat(5000)}`, "' OR 1=1 --"])(
    'do not let in %j',
    async (token) => {
      make();
      expect(await check(token)).toBeNull();
    },
  );

  it('run out to the millisecond, and never where none was said', async () => {
    const token = make('short', ['read'], ctx.now() + 1000);
    ctx.tick(999);
    expect(await check(token)).not.toBeNull();
    ctx.tick(1);
    expect(await check(token)).toBeNull();
  });

  it('are refused from their revocation on, and stay listed', async () => {
    const token = make();
    expect(revokeToken(ctx, 'pipeline', { kind: 'command-line' })).toBe(true);
    expect(await check(token)).toBeNull();
    expect(revokeToken(ctx, 'pipeline', { kind: 'command-line' })).toBe(false);
    expect(await listTokens(ctx.database)).toMatchObject([
      { name: 'pipeline', revokedAt: ctx.now(), start: token.slice(0, 8) },
    ]);
  });

  it('keep their names for themselves, even when revoked: what came by a name stays theirs', () => {
    make();
    revokeToken(ctx, 'pipeline', { kind: 'command-line' });
    expect(() => make()).toThrow(TokenNameTakenError);
  });

  it('have their last use noted once a minute', async () => {
    const token = make();
    const first = ctx.now();
    await check(token);
    ctx.tick(59_999);
    await check(token);
    expect(await listTokens(ctx.database)).toMatchObject([{ lastUsedAt: first }]);
    ctx.tick(1);
    await check(token);
    expect(await listTokens(ctx.database)).toMatchObject([{ lastUsedAt: first + 60_000 }]);
  });

  it('grant nothing by a scope that this version does not know', async () => {
    const token = make();
    ctx.database.db.update(tokens).set({ scopes: '["everything","read"]' }).run();
    expect((await check(token))?.scopes).toEqual(['read']);
  });
});
