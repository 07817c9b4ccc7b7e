import { beforeEach, describe, expect, it } from 'vitest';
import { startOf } from '#lib/services/log/start-of.ts';
import { type ShardToFollow, syncLogs } from '#lib/services/log/sync.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { MintedLog } from '#test/support/minted-log.ts';

let ctx: TestContext;

const shard = (origin: string, more: Partial<ShardToFollow> = {}): ShardToFollow => {
  const log = new MintedLog(origin);
  return {
    origin,
    readUrl: 'http://127.0.0.1:9',
    logId: log.logId.toString('hex'),
    keyDetails: 'PKIX_ED25519',
    publicKey: log.publicKey,
    source: 'trusted-root',
    ...more,
  };
};
const start = (origin: string, given?: 'end' | number) => startOf(ctx, origin, { given, usual: 'end' });

beforeEach(() => {
  ctx = openContext();
});

describe('where a log is taken up', () => {
  it('is where the configuration says, of those that the trust root has from the first', () => {
    syncLogs(ctx, [shard('2025.example'), shard('2026.example')]);
    expect([start('2025.example'), start('2026.example')]).toEqual(['end', 'end']);
  });

  it('is the first entry of a shard that joins the trust root later', () => {
    const first = shard('2025.example');
    syncLogs(ctx, [first]);
    ctx.tick(86_400_000);
    syncLogs(ctx, [first, shard('2026.example')]);
    expect([start('2025.example'), start('2026.example')]).toEqual(['end', 0]);
  });

  it('is where the configuration says of this one, whenever it came', () => {
    const first = shard('2025.example');
    syncLogs(ctx, [first]);
    ctx.tick(1);
    syncLogs(ctx, [first, shard('2026.example')]);
    expect(start('2026.example', 7)).toBe(7);
  });

  it('is no matter of a log of another kind, or of one that only the configuration names', () => {
    const first = shard('2025.example');
    syncLogs(ctx, [first]);
    ctx.tick(1);
    const others = [shard('ct.example', { api: 'ct-rfc6962' }), shard('own.example', { source: 'configuration' })];
    syncLogs(ctx, [first, ...others]);
    expect(others.map(({ origin }) => start(origin))).toEqual(['end', 'end']);
  });
});
