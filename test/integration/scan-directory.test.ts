import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { asc } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundles } from '#db/schema/bundle.ts';
import { models, versions } from '#db/schema/model.ts';
import { deliveries } from '#db/schema/source.ts';
import { scanDirectory } from '#lib/services/source/scan-directory.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { standardsOf } from '#test/support/standards.ts';
import { STORY_DIRECTORY } from '#test/support/story.ts';

const standards = standardsOf(readFileSync(join(STORY_DIRECTORY, 'trusted_root.json')));
const story = (path: string) => join(STORY_DIRECTORY, 'bundles', path);
const GOOD = 'northwind-base/1.0.0/model.sig';

let ctx: TestContext;
let folder: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  ctx = openContext();
  folder = temporaryFolder();
});
afterEach(() => {
  folder.remove();
  ctx.database.close();
});

const at = (name: string) => join(folder.path, name);
const scan = (again = false) => scanDirectory(ctx, { name: 'published', directory: folder.path }, standards, { again });
const files = () =>
  ctx.database.db
    .select({ path: deliveries.path, outcome: deliveries.outcome, code: deliveries.reasonCode })
    .from(deliveries)
    .orderBy(asc(deliveries.path))
    .all();
const stored = () => ctx.database.db.select({ id: bundles.id, state: bundles.state }).from(bundles).all();

describe('scanDirectory', () => {
  it('lists each refused file with its reason, and goes on with the others', async () => {
    writeFileSync(at('a.sig'), 'not JSON');
    writeFileSync(at('b.sigstore.json'), '{"hello":"world"}');
    writeFileSync(at('c.sig'), '');
    truncateSync(at('c.sig'), 100 * 1024 * 1024);
    copyFileSync(story('broken/foreign.sigstore.json'), at('d.sigstore.json'));
    copyFileSync(story(GOOD), at('e.sig'));
    writeFileSync(at('config.json'), '{"not":"looked at"}');
    expect(await scan()).toEqual({ read: 5, accepted: 1, refused: 4 });
    expect(files()).toEqual([
      { path: 'a.sig', outcome: 'refused', code: 'not-json' },
      { path: 'b.sigstore.json', outcome: 'refused', code: 'not-a-bundle' },
      { path: 'c.sig', outcome: 'refused', code: 'too-large' },
      { path: 'd.sigstore.json', outcome: 'refused', code: 'timestamp-unknown-authority' },
      { path: 'e.sig', outcome: 'accepted', code: null },
    ]);
    expect(ctx.lines.filter(({ level }) => level === 40)).toHaveLength(4);
  });

  it('takes the same bundle under two names for one', async () => {
    mkdirSync(at('copy'));
    copyFileSync(story(GOOD), at('model.sig'));
    copyFileSync(story(GOOD), at('copy/model.sig'));
    await scan();
    expect(files()).toHaveLength(2);
    expect(stored()).toHaveLength(1);
    expect(ctx.database.db.select().from(versions).all()).toHaveLength(1);
    expect(ctx.database.db.select({ name: models.name }).from(models).all()).toEqual([{ name: 'northwind-base' }]);
  });

  it('reads a file again only when it has changed', async () => {
    copyFileSync(story(GOOD), at('model.sig'));
    await scan();
    expect(await scan()).toMatchObject({ read: 0 });
    writeFileSync(at('model.sig'), 'changed');
    utimesSync(at('model.sig'), 1, 1);
    expect(await scan()).toEqual({ read: 1, accepted: 0, refused: 1 });
  });

  it('looks again at what was refused when the trust root has changed, and keeps when it was first seen', async () => {
    copyFileSync(story('broken/tampered.sigstore.json'), at('model.sig'));
    await scan();
    const [before] = ctx.database.db.select().from(bundles).all();
    ctx.tick(60_000);
    expect(await scan(true)).toEqual({ read: 1, accepted: 0, refused: 1 });
    expect(ctx.database.db.select().from(bundles).all()).toEqual([before]);
  });

  it('no longer lists a file that is gone, and keeps its bundle', async () => {
    copyFileSync(story(GOOD), at('model.sig'));
    await scan();
    rmSync(at('model.sig'));
    await scan();
    expect(files()).toEqual([]);
    expect(stored()).toMatchObject([{ state: 'verified' }]);
  });

  it('follows no link, be it to a file outside or round in a circle', async () => {
    symlinkSync(story(GOOD), at('outside.sig'));
    symlinkSync(folder.path, at('round'));
    expect(await scan()).toEqual({ read: 0, accepted: 0, refused: 0 });
  });

  it('takes each line of a file of claims for itself, and goes on behind a bad one', async () => {
    const line = (path: string) => JSON.stringify(JSON.parse(readFileSync(story(path), 'utf8')));
    writeFileSync(at('claims.jsonl'), `${line(GOOD)}\n\n{"half\n${line('broken/tampered.sigstore.json')}\n`);
    expect(await scan()).toEqual({ read: 3, accepted: 1, refused: 2 });
    expect(files()).toMatchObject([
      { path: 'claims.jsonl#1', outcome: 'accepted' },
      { path: 'claims.jsonl#3', outcome: 'refused', code: 'not-json' },
      { path: 'claims.jsonl#4', outcome: 'refused' },
    ]);
    expect(await scan()).toMatchObject({ read: 0 });
    writeFileSync(at('claims.jsonl'), `${line(GOOD)}\n`);
    utimesSync(at('claims.jsonl'), 1, 1);
    await scan();
    expect(files()).toMatchObject([{ path: 'claims.jsonl#1', outcome: 'accepted' }]);
  });

  it("takes the bundles of a saved list of GitHub's, and lists a broken list as one", async () => {
    const bundle = JSON.parse(readFileSync(story(GOOD), 'utf8')) as unknown;
    const attestations = [
      { bundle, repository_id: 1 },
      { bundle: null, bundle_url: 'https://x.example/1' },
    ];
    writeFileSync(at('northwind.attestations.json'), JSON.stringify({ attestations }));
    writeFileSync(at('attestations.json'), '{"attestations": 5}');
    await scan();
    expect(files()).toEqual([
      { path: 'attestations.json', outcome: 'refused', code: 'unreadable' },
      { path: 'northwind.attestations.json#1', outcome: 'accepted', code: null },
    ]);
  });
});
