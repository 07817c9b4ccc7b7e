import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { getVerification } from '#lib/services/verification/get.ts';
import { listVerifications } from '#lib/services/verification/list.ts';
import { listVerificationFiles } from '#lib/services/verification/list-files.ts';
import { runAgain } from '#lib/services/verification/run-again.ts';
import { verifyHashList } from '#lib/services/verification/verify.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { standardsOf } from '#test/support/standards.ts';
import { type Contents, GRANITE, listOf, mintKnown, POLICIES, signKnown } from './mint-known.ts';

const trustedRoot = readFileSync(new URL('../../../fixtures/story/trusted_root.json', import.meta.url));
const standards = standardsOf(trustedRoot, { policies: POLICIES });

const verify = (ctx: TestContext, files: Contents, isExpected = false) =>
  verifyHashList(
    ctx,
    {
      list: listOf(files),
      channel: 'cli',
      source: 'command line',
      place: null,
      expect: isExpected ? { model: 'granite', version: null } : null,
    },
    standards,
  );

describe('a receipt that is judged again', () => {
  it('has a new answer once a signature came, and still its first one', async () => {
    const ctx = openContext();
    const known = mintKnown(ctx);
    const { id, answer } = verify(ctx, GRANITE, true);
    expect(answer.outcome).toBe('unsigned');
    signKnown(ctx, known);
    ctx.tick(1000);
    const again = await runAgain(ctx, { id }, standards);
    expect(again?.latest).toMatchObject({ outcome: 'verified', at: ctx.now(), isExpected: true });
    expect(again?.first.answer).toEqual(answer);
    expect(again?.runs.map(({ outcome }) => outcome)).toEqual(['verified', 'unsigned']);
    expect(await getVerification(ctx.database, { id })).toEqual(again);
  });

  it('keeps the form and the remarks that it came in with', async () => {
    const ctx = openContext();
    mintKnown(ctx);
    const { id, answer } = verify(ctx, Object.fromEntries(Object.entries(GRANITE).map(([p, c]) => [`/srv/${p}`, c])));
    const again = await runAgain(ctx, { id }, standards);
    expect(answer.list.remarks).toHaveLength(1);
    expect(again?.latest.answer).toEqual({ ...answer, at: ctx.now() });
  });

  it('is nothing where there is none', async () => {
    const ctx = openContext();
    expect(await runAgain(ctx, { id: 'vrf_0' }, standards)).toBeNull();
    expect(await getVerification(ctx.database, { id: 'vrf_0' })).toBeNull();
    expect(await listVerificationFiles(ctx.database, { id: 'vrf_0', limit: 1 })).toBeNull();
  });
});

describe('lists of receipts and files', () => {
  it('gives receipts newest first, page by page', async () => {
    const ctx = openContext();
    mintKnown(ctx);
    const ids = [GRANITE, { x: 'unknown' }, { y: 'unknown' }].map((files) => {
      ctx.tick(1000);
      return verify(ctx, files).id;
    });
    const first = await listVerifications(ctx.database, { limit: 2 });
    const rest = await listVerifications(ctx.database, { limit: 2, ...(first.next && { olderThan: first.next }) });
    expect([...first.verifications, ...rest.verifications].map(({ id }) => id)).toEqual(ids.toReversed());
    expect(rest).toMatchObject({
      next: null,
      verifications: [{ latest: { outcome: 'unsigned' }, version: { modelName: 'granite' } }],
    });
  });

  it('gives the files of one state, page by page', async () => {
    const ctx = openContext();
    mintKnown(ctx);
    const { id } = verify(ctx, { ...GRANITE, 'model.safetensors': 'other' });
    const page = await listVerificationFiles(ctx.database, { id, state: 'matches', limit: 1 });
    expect(page).toMatchObject({ total: 2, next: 1, files: [{ path: 'README.md' }] });
    const next = await listVerificationFiles(ctx.database, { id, state: 'matches', limit: 1, after: 1 });
    expect(next).toMatchObject({ next: null, files: [{ path: 'config.json' }] });
  });
});

describe('a list of 100,000 files', () => {
  it('is answered file by file, with the one that differs', () => {
    const ctx = openContext();
    const files = Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`shard/${i}.bin`, `content ${i}`]));
    mintKnown(ctx, { files });
    const { answer } = verify(ctx, { ...files, 'shard/77777.bin': 'flipped' });
    expect(answer).toMatchObject({ outcome: 'differs', counts: { differs: 1, matches: 99_999 } });
    expect(answer.files[0]?.path).toBe('shard/77777.bin');
  }, 60_000);
});
