import { beforeEach, expect, it } from 'vitest';
import { auditEntries } from '#db/schema/audit.ts';
import { type ChainedEntry, findChainFault } from '#lib/provenance/audit-chain.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import { checkAuditChain } from '#lib/services/audit/check.ts';
import { exportAudit } from '#lib/services/audit/export.ts';
import { formatAuditCsv, formatAuditLines } from '#lib/services/audit/format-audit.ts';
import { listAuditChains } from '#lib/services/audit/list-chains.ts';
import { openContext, type TestContext } from '#test/support/context.ts';

let ctx: TestContext;
beforeEach(() => {
  ctx = openContext();
  for (const [chain, target] of [
    ['access', '=1+1'],
    ['settings', 'watch'],
    ['access', '@SUM(A1)'],
  ] as const) {
    appendAudit(ctx.database.db, { chain, actor: { kind: 'jobs' }, action: 'x.done', target, at: ctx.now() });
    ctx.tick(1000);
  }
});

it('the exported lines can be checked by whoever has them', () => {
  const lines = formatAuditLines(exportAudit(ctx.database, { chain: 'access' }))
    .trim()
    .split('\n');
  const entries = lines.map((line) => JSON.parse(line) as ChainedEntry);
  expect(entries).toHaveLength(2);
  expect(findChainFault(entries)).toBeNull();
  expect(findChainFault(entries.map((entry) => ({ ...entry, target: 'forged' })))).toMatchObject({ seq: 1 });
});

it('the spreadsheet runs no formula of a stranger', () => {
  const csv = formatAuditCsv(exportAudit(ctx.database, {}));
  expect(csv.split('\n')[0]).toBe('chain,seq,at,time,actor,action,target,detail,previous,hash');
  expect(csv).toContain(",'=1+1,");
  expect(csv).toContain(",'@SUM(A1),");
});

it('a chain that was written to behind our back is said to be broken, and where', async () => {
  expect(await listAuditChains(ctx.database)).toMatchObject([
    { chain: 'access', entries: 2 },
    { chain: 'settings', entries: 1 },
  ]);
  ctx.database.db.update(auditEntries).set({ actor: '{"kind":"loopback"}' }).run();
  expect(await checkAuditChain(ctx.database, 'access')).toMatchObject({ seq: 1 });
});
