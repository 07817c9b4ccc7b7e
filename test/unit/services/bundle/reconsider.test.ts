import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundles } from '#db/schema/bundle.ts';
import { versions } from '#db/schema/model.ts';
import { deliveries, refusedFiles } from '#db/schema/source.ts';
import { reconsiderRefused } from '#lib/services/bundle/reconsider.ts';
import { takeBundle } from '#lib/services/source/take-bundle.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { standardsOf } from '#test/support/standards.ts';

const FIXTURES = fileURLToPath(new URL('../../../fixtures/rekor-index/', import.meta.url));
const good = standardsOf(readFileSync(join(FIXTURES, 'trusted_root.json')));
const whole = JSON.parse(readFileSync(join(FIXTURES, 'trusted_root.json'), 'utf8')) as object;
/** A trust root that knows no log: everything is refused under it. */
const blind = standardsOf(Buffer.from(JSON.stringify({ ...whole, tlogs: [] })));
const BUNDLE = readFileSync(join(FIXTURES, 'model.sig'));

let ctx: TestContext;
beforeEach(() => {
  ctx = openContext();
});
afterEach(() => ctx.database.close());

const take = (path: string, bytes: Uint8Array) =>
  takeBundle(ctx, blind, { channel: 'directory', source: 's', path, modifiedAt: 0 }, bytes);
const listed = () => ctx.database.db.select().from(deliveries).all();

describe('reconsiderRefused', () => {
  it('accepts under a new trust root what the old one did not know, wherever it was delivered', async () => {
    take('a.sig', BUNDLE);
    take('b.sig', BUNDLE);
    expect(listed()).toMatchObject([{ outcome: 'refused' }, { outcome: 'refused' }]);
    expect(await reconsiderRefused(ctx, good)).toEqual({ read: 1, accepted: 1, refused: 0 });
    expect(ctx.database.db.select().from(bundles).all()).toMatchObject([{ state: 'verified', judgedUnder: good.id }]);
    expect(listed()).toMatchObject([
      { outcome: 'accepted', reasonCode: null, reason: null },
      { outcome: 'accepted', reasonCode: null, reason: null },
    ]);
  });

  it('reads again what a version before the graph accepted, and places it there', async () => {
    take('a.sig', BUNDLE);
    await reconsiderRefused(ctx, good);
    const { db } = ctx.database;
    db.update(bundles).set({ judgedUnder: '' }).run();
    db.update(versions).set({ artifactId: null }).run();
    expect(await reconsiderRefused(ctx, good)).toEqual({ read: 1, accepted: 1, refused: 0 });
    expect(db.select().from(versions).get()?.artifactId).not.toBeNull();
    expect(await reconsiderRefused(ctx, good)).toMatchObject({ read: 0 });
  });

  it('judges nothing twice under the same standards', async () => {
    take('a.sig', BUNDLE);
    take('b.sig', Buffer.from('not JSON'));
    expect(await reconsiderRefused(ctx, blind)).toMatchObject({ read: 0 });
    const stricter = { ...blind, id: 'others' };
    expect(await reconsiderRefused(ctx, stricter)).toEqual({ read: 2, accepted: 0, refused: 2 });
    expect(await reconsiderRefused(ctx, stricter)).toMatchObject({ read: 0 });
  });

  it('tries bytes again that could not be read as a bundle, all of them, however many', async () => {
    for (let i = 0; i < 20; i++) take(`${i}.sig`, Buffer.from(`not JSON ${i}`));
    expect(await reconsiderRefused(ctx, good)).toEqual({ read: 20, accepted: 0, refused: 20 });
    expect(
      ctx.database.db
        .select()
        .from(refusedFiles)
        .all()
        .every(({ judgedUnder }) => judgedUnder === good.id),
    ).toBe(true);
  });

  it('stops when it is told to', async () => {
    take('a.sig', BUNDLE);
    await expect(reconsiderRefused(ctx, good, AbortSignal.abort(new Error('the jobs end')))).rejects.toThrow(
      'the jobs end',
    );
  });
});
