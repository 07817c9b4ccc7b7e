import { beforeEach, describe, expect, it } from 'vitest';
import { getSearchGaps } from '#lib/services/rule/search-gaps.ts';
import { takeUpRules } from '#lib/services/rule/take-up-rules.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { addLog, addLogs, followMinted } from '#test/support/follow-minted.ts';
import { MintedLog } from '#test/support/minted-log.ts';
import { MintedSource } from '#test/support/minted-source.ts';

const log = new MintedLog('away.example').add(...Array.from({ length: 40 }, (_, i) => Buffer.from(`entry ${i}`)));
const OTHERS = [
  { name: 'anybody', own: true, identity: { exact: 'deploy-bot@models.example' } },
  { name: 'new', own: true, identity: { exact: 'other-bot@models.example' } },
];

let ctx: TestContext;

beforeEach(async () => {
  ctx = openContext();
  addLog(ctx, log);
  await followMinted(ctx, new MintedSource(log));
});

describe('rules in force', () => {
  it('have not seen what a log covers that was not followed when they came', async () => {
    addLogs(ctx, []);
    takeUpRules(ctx, OTHERS);
    // Trees of a Rekor v1 server come back after rules are taken up, when the server lists them.
    addLog(ctx, log);
    const gaps = await getSearchGaps(ctx.database);
    expect(gaps.map(({ rule, ranges }) => ({ rule, ranges }))).toEqual(
      ['anybody', 'new'].map((rule) => ({ rule, ranges: [{ startIndex: 0, endIndex: 40 }] })),
    );
  });
});
