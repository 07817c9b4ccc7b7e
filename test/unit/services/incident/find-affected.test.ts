import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { artifacts, links } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { deployments } from '#db/schema/deployment.ts';
import { events } from '#db/schema/event.ts';
import { versions } from '#db/schema/model.ts';
import type { Criterion, Scope, Tier } from '#lib/provenance/scope.ts';
import { reindexEvent } from '#lib/services/event/search-terms.ts';
import { mergeArtifacts } from '#lib/services/graph/merge-artifacts.ts';
import { type AffectedResult, findAffected } from '#lib/services/incident/find-affected.ts';
import { MINT_TIME, mintCheckpoint, mintEvent, mintHex, mintLog } from '#test/factories.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { attest, DAY, declare, input, observe, RELEASE, rootOf, STRANGER, signModel } from '../graph/mint-graph.ts';

let ctx: TestContext;
beforeEach(() => {
  ctx = openContext();
});
afterEach(() => ctx.database.close());

const IMAGES: Criterion = { kind: 'dataset', alias: `sha256:${rootOf('images')}` };
/** In both ways of reading: artifact by artifact, and everything in order as of tens of thousands. */
function find(scope: Scope): AffectedResult {
  const found = findAffected(ctx.database, scope);
  const inOrder = findAffected(ctx.database, scope, { few: 0 });
  const tiers = ({ affected }: AffectedResult) => affected.map(({ artifactId, tier }) => [artifactId, tier]);
  expect(tiers(inOrder)).toEqual(tiers(found));
  for (const { path } of inOrder.affected) expect(path.length).toBeGreaterThan(0);
  return found;
}
const is = (criterion: Criterion): Scope => ({ is: criterion });

/** Names with their tiers, in the order in which they are given. */
function tiers(scope: Scope): [string | null, Tier][] {
  return find(scope).affected.map(({ artifactId, tier }) => [nameOf(artifactId), tier]);
}

function nameOf(id: number): string | null {
  return ctx.database.db.select().from(artifacts).where(eq(artifacts.id, id)).get()?.name ?? null;
}

function pathTo(scope: Scope, name: string) {
  const found = find(scope).affected.find(({ artifactId }) => nameOf(artifactId) === name);
  return (found?.path ?? []).map((step) => ({ ...step, name: nameOf(step.artifactId) }));
}

/** A model made of inputs, each signed by itself a day after the one before. */
function make(name: string, inputs: Parameters<typeof attest>[2], at = MINT_TIME, by = RELEASE): number {
  const id = signModel(ctx, name, { at, by });
  if (inputs.length > 0) attest(ctx, name, inputs, { at, by });
  return id;
}

describe('what a poisoned data set reaches', () => {
  it('is proven for models whose attester states it, passes to their descendants, and is declared where nobody proves it', () => {
    make('direct', [input('dataset', { of: 'images' })]);
    make('tuned', [input('base-model', { of: 'direct' })]);
    make('merged', [input('merged-from', { of: 'tuned' })]);
    const carded = make('carded', []);
    declare(ctx, carded, [input('dataset', { of: 'images' })]);
    make('after', [input('base-model', { of: 'carded' })]);
    make('apart', [input('dataset', { of: 'other' })]);
    expect(tiers(is(IMAGES))).toEqual([
      ['direct', 'proven'],
      ['tuned', 'descendant'],
      ['merged', 'descendant'],
      ['carded', 'declared'],
      ['after', 'declared'],
    ]);
    expect(find(is(IMAGES)).counts).toEqual({ proven: 1, descendant: 2, declared: 2, 'not-excluded': 0 });
  });

  it('shows the way there: what the scope names, and each link with who states it', () => {
    make('direct', [input('dataset', { of: 'images' })]);
    make('tuned', [input('base-model', { of: 'direct' })]);
    const path = pathTo(is(IMAGES), 'tuned');
    expect(path.map(({ name, state }) => [name, state])).toEqual([
      ['images', null],
      ['direct', 'parent-unknown'],
      ['tuned', 'verified'],
    ]);
    expect(path[2]?.because).toMatch(
      /^release-bot@models\.example \(https:\/\/accounts\.models\.example\) states that tuned has direct as the base model\./,
    );
    expect(path[2]?.proofs).toEqual([expect.stringMatching(/^bdl_/), expect.stringMatching(/^evt_/)]);
    expect(path[0]?.because).toBe('The scope names images.');
  });

  it('shows the surest way, and of these the shortest', () => {
    make('direct', [input('dataset', { of: 'images' })]);
    make('middle', [input('base-model', { of: 'direct' })]);
    const last = make('last', [input('base-model', { of: 'middle' })]);
    declare(ctx, last, [input('dataset', { of: 'images' })]);
    expect(pathTo(is(IMAGES), 'last').map(({ name }) => name)).toEqual(['images', 'direct', 'middle', 'last']);
    attest(ctx, 'last', [input('adapter', { of: 'direct' })]);
    expect(pathTo(is(IMAGES), 'last').map(({ name }) => name)).toEqual(['images', 'direct', 'last']);
  });

  it('is no more than declared on the word of somebody who has no say', () => {
    make('victim', []);
    attest(ctx, 'victim', [input('dataset', { of: 'images' })], { by: STRANGER });
    expect(tiers(is(IMAGES))).toEqual([['victim', 'declared']]);
  });

  it('ends where the graph leads back to itself', () => {
    make('a', [input('base-model', { of: 'b' }), input('dataset', { of: 'images' })]);
    make('b', [input('base-model', { of: 'a' })]);
    expect(tiers(is(IMAGES)).map(([name]) => name)).toEqual(['a', 'b']);
  });

  it('is the same by any alias of the data set', () => {
    const other = { scheme: 'sha256', value: mintHex('manifest id'), kind: 'manifest-id' } as const;
    const hub = { scheme: 'hf', value: `datasets/northwind/images@${'a'.repeat(40)}`, kind: 'repository' } as const;
    observe(ctx, 'images', rootOf('images'), [other, hub]);
    make('direct', [input('dataset', { of: 'images' })]);
    for (const alias of [
      `sha256:${rootOf('images').toUpperCase()}`,
      rootOf('images'),
      `sha256:${other.value}`,
      `northwind/images@${'a'.repeat(40)}`,
      `https://huggingface.co/datasets/northwind/images/tree/${'a'.repeat(40)}`,
      'northwind/images',
      'images',
    ]) {
      expect(tiers(is({ kind: 'dataset', alias })), alias).toEqual([['direct', 'proven']]);
    }
    expect(tiers(is({ kind: 'dataset', alias: 'northwind/image' }))).toEqual([]);
  });

  it('is the same by the address or the name that stands beside its digest in a statement', () => {
    const uri = 'https://data.models.example/images';
    make('direct', [{ ...input('dataset', { of: 'images' }), name: 'images-2026', uri }]);
    for (const alias of [uri, 'images-2026'])
      expect(tiers(is({ kind: 'dataset', alias })), alias).toEqual([['direct', 'proven']]);
    expect(tiers(is({ kind: 'base-model', alias: uri }))).toEqual([]);
  });

  it('is no more than declared by a name that only somebody without a say gave it', () => {
    make('direct', [input('dataset', { of: 'images' })]);
    make('other', []);
    attest(ctx, 'other', [{ ...input('dataset', { of: 'images' }), name: 'called so' }], { by: STRANGER });
    expect(new Set(tiers(is({ kind: 'dataset', alias: 'called so' })).map(([, tier]) => tier))).toEqual(
      new Set(['declared']),
    );
  });

  it('follows a digest that a document only says to be the same, along links that state it alone', () => {
    const second = mintHex('the same in another form');
    const both = [
      { algorithm: 'sha256', digest: rootOf('images') },
      { algorithm: 'sha256', digest: second },
    ];
    make('says so', [{ ...input('dataset'), name: 'images', digests: both }]);
    make('plain', [input('dataset', { of: 'images' })]);
    const own = [rootOf('images'), second].sort()[0];
    const other = own === second ? rootOf('images') : second;
    expect(tiers(is({ kind: 'dataset', alias: `sha256:${other}` })).map(([name]) => name)).toContain('says so');
  });

  it('lists what runs first, and what is no model only where it runs', () => {
    make('direct', [input('dataset', { of: 'images' })]);
    const tuned = make('tuned', [input('base-model', { of: 'direct' })]);
    const derived = attest(ctx, 'thumbnails', [input('dataset', { of: 'images' })], {
      facts: { kind: 'croissant' },
    }).artifactId;
    expect(tiers(is(IMAGES)).map(([name]) => name)).toEqual(['direct', 'tuned']);
    for (const artifactId of [tuned, derived]) {
      const row = { environment: 'production', service: `s${artifactId}`, given: 'sha256:…', source: 'test' };
      ctx.database.db
        .insert(deployments)
        .values({ id: `dep_${artifactId}`, artifactId, ...row, startedAt: 0, confirmedAt: 0 })
        .run();
    }
    const found = find(is(IMAGES));
    expect(found.affected.map(({ artifactId, deployed }) => [nameOf(artifactId), deployed])).toEqual([
      ['thumbnails', true],
      ['tuned', true],
      ['direct', false],
    ]);
    expect(found.deployed).toBe(2);
    expect(JSON.parse(JSON.stringify(found.affected[2]))).toMatchObject({ tier: 'proven', path: [{}, {}] });
  });

  it('follows an artifact that turns out to be another, and what runs there with it', () => {
    const mention = make('direct', [input('dataset', { of: 'images' })]);
    const real = observe(ctx, 'real', mintHex('real'));
    const row = { environment: 'production', service: 's', given: '', source: 'test', startedAt: 0, confirmedAt: 0 };
    ctx.database.db
      .insert(deployments)
      .values({ id: 'dep_1', artifactId: mention, ...row })
      .run();
    ctx.database.db.transaction((tx) => mergeArtifacts(tx, real, mention));
    expect(find(is(IMAGES)).affected).toMatchObject([{ artifactId: real, tier: 'proven', deployed: true }]);
  });
});

describe('what a base model reaches', () => {
  it('is itself, what is made from it, and what follows', () => {
    make('base', []);
    make('tuned', [input('base-model', { of: 'base' })]);
    make('small', [input('quantised-from', { of: 'tuned' })]);
    const scope = is({ kind: 'base-model', alias: 'base' });
    expect(tiers(scope)).toEqual([
      ['base', 'proven'],
      ['tuned', 'proven'],
      ['small', 'descendant'],
    ]);
    expect(tiers(is({ kind: 'base-model', alias: rootOf('base') }))).toEqual(tiers(scope));
  });

  it('is declared where the model is named without a digest', () => {
    make('carded', [input('base-model', { name: 'northwind/base', uri: 'hf://northwind/base' })]);
    expect(tiers(is({ kind: 'base-model', alias: 'northwind/base' }))).toContainEqual(['carded', 'declared']);
  });
});

describe('what a file reaches', () => {
  it('is proven where the list is signed, declared where it is only stated, and exact', () => {
    const shared = mintHex('tokenizer.json');
    signModel(ctx, 'signed', { files: [shared, mintHex('a')] });
    const stated = signModel(ctx, 'stated', { files: [shared, mintHex('b')] });
    const { db } = ctx.database;
    const version = db.select().from(versions).where(eq(versions.artifactId, stated)).get();
    db.update(bundles)
      .set({ state: 'refused' })
      .where(eq(bundles.versionId, version?.id ?? ''))
      .run();
    signModel(ctx, 'apart', { files: [mintHex('c')] });
    make('tuned', [input('base-model', { of: 'signed' })]);
    expect(tiers(is({ kind: 'file', digest: shared }))).toEqual([
      ['signed', 'proven'],
      ['tuned', 'descendant'],
      ['stated', 'declared'],
    ]);
    expect(tiers(is({ kind: 'file', digest: rootOf('signed') }))[0]).toEqual(['signed', 'proven']);
    expect(tiers(is({ kind: 'file', digest: mintHex('none') }))).toEqual([]);
  });
});

describe('what a signer, a key or a part of a log reaches', () => {
  it('is what the identity signed through that issuer, byte for byte, and what is made from it', () => {
    make('ours', []);
    make('theirs', [], MINT_TIME, STRANGER);
    make('tuned', [input('base-model', { of: 'theirs' })]);
    expect(tiers(is({ kind: 'identity', identity: STRANGER.san, issuer: STRANGER.issuer }))).toEqual([
      ['theirs', 'proven'],
      ['tuned', 'descendant'],
    ]);
    expect(tiers(is({ kind: 'identity', identity: STRANGER.san, issuer: RELEASE.issuer }))).toEqual([]);
    expect(tiers(is({ kind: 'identity', identity: STRANGER.san.toUpperCase() }))).toEqual([]);
  });

  it('is what a key or certificate signed', () => {
    const signed = make('signed', []);
    make('other', []);
    const { db } = ctx.database;
    const version = db.select().from(versions).where(eq(versions.artifactId, signed)).get();
    db.update(bundles)
      .set({ keySha256: mintHex('key'), certificateSha256: mintHex('certificate') })
      .where(eq(bundles.versionId, version?.id ?? ''))
      .run();
    for (const fingerprint of [mintHex('key'), mintHex('certificate')]) {
      expect(tiers(is({ kind: 'key', fingerprint }))).toEqual([['signed', 'proven']]);
    }
  });

  it('is what stands in the range of the log, its end not among it', () => {
    const log = mintLog(ctx.database);
    const checkpoint = mintCheckpoint(ctx.database, log);
    const { db } = ctx.database;
    for (const [i, name] of ['first', 'second', 'third'].entries()) {
      const id = make(name, []);
      const event = mintEvent(ctx.database, { log, checkpoint, logIndex: i });
      const version = db.select().from(versions).where(eq(versions.artifactId, id)).get();
      db.update(bundles)
        .set({ eventId: event.id })
        .where(eq(bundles.versionId, version?.id ?? ''))
        .run();
    }
    expect(tiers(is({ kind: 'log-range', origin: log.origin, from: 1, to: 2 }))).toEqual([['second', 'proven']]);
    expect(tiers(is({ kind: 'log-range', origin: 'another.example', from: 0, to: 9 }))).toEqual([]);
  });

  it('knows an entry without its bundle by the digest that it signs', () => {
    const seen = observe(ctx, 'seen');
    const log = mintLog(ctx.database);
    mintEvent(
      ctx.database,
      { log, checkpoint: mintCheckpoint(ctx.database, log), logIndex: 1 },
      { digest: rootOf('seen') },
    );
    const found = find(is({ kind: 'identity', identity: RELEASE.san }));
    expect(found.affected).toMatchObject([{ artifactId: seen, tier: 'proven' }]);
  });
});

describe('what a build reaches', () => {
  const REPOSITORY = 'https://github.com/northwind/train';
  const WORKFLOW = `${REPOSITORY}/.github/workflows/release.yml`;
  const COMMIT = 'c'.repeat(40);

  function certified(name: string): void {
    const id = make(name, []);
    const { db, sqlite } = ctx.database;
    const version = db.select().from(versions).where(eq(versions.artifactId, id)).get();
    const bundle = db
      .select()
      .from(bundles)
      .where(eq(bundles.versionId, version?.id ?? ''))
      .get();
    const extensions = Object.entries({
      'source-repository-uri': REPOSITORY,
      'source-repository-digest': COMMIT,
      'build-signer-uri': `${WORKFLOW}@refs/tags/v1`,
    }).map(([key, value]) => ({ oid: '', name: key, value, raw: '' }));
    const eventId = bundle?.eventId ?? '';
    db.update(events)
      .set({ certificate: JSON.stringify({ sans: [], extensions }) })
      .where(eq(events.id, eventId))
      .run();
    reindexEvent(sqlite, eventId);
  }

  const criteria: readonly Criterion[] = [
    { kind: 'commit', commit: COMMIT },
    { kind: 'commit', commit: COMMIT.slice(0, 7) },
    { kind: 'repository', repository: REPOSITORY },
    { kind: 'repository', repository: 'git+https://github.com/Northwind/Train.git' },
    { kind: 'repository', repository: 'northwind/train' },
    { kind: 'workflow', workflow: WORKFLOW },
    { kind: 'workflow', workflow: `${WORKFLOW}@refs/tags/v1` },
    { kind: 'builder', builder: `${WORKFLOW}@refs/tags/v1` },
  ];

  it.each(criteria)('is proven by the certificate of who signed: %j', (criterion) => {
    certified('built');
    make('apart', []);
    expect(tiers(is(criterion))).toEqual([['built', 'proven']]);
  });

  it.each(criteria)(
    'is proven by an attestation of who has a say, and declared by one of who has none: %j',
    (criterion) => {
      const stated = (value: string) => ({ value, at: 'predicate' });
      const facts = {
        repository: stated(REPOSITORY),
        commit: stated(COMMIT),
        entryPoint: stated('.github/workflows/release.yml'),
        builder: stated(`${WORKFLOW}@refs/tags/v1`),
      };
      make('built', []);
      make('claimed', []);
      attest(ctx, 'built', [input('component', { of: 'part' })], { facts });
      attest(ctx, 'claimed', [input('component', { of: 'part' })], { facts, by: STRANGER });
      expect(tiers(is(criterion))).toEqual([
        ['built', 'proven'],
        ['claimed', 'declared'],
      ]);
    },
  );

  it('is no other commit, repository or workflow that begins or ends alike', () => {
    certified('built');
    for (const criterion of [
      { kind: 'commit', commit: `d${COMMIT.slice(1)}` },
      { kind: 'repository', repository: `${REPOSITORY}er` },
      { kind: 'repository', repository: 'https://github.com/north' },
      { kind: 'workflow', workflow: `${WORKFLOW}@refs/tags/v2` },
      { kind: 'workflow', workflow: `${REPOSITORY}/.github/workflows/release` },
    ] as const) {
      expect(tiers(is(criterion)), JSON.stringify(criterion)).toEqual([]);
    }
  });

  it('is what names the commit as its code', () => {
    make('built', [input('code', { uri: `git+${REPOSITORY}`, digests: [{ algorithm: 'gitCommit', digest: COMMIT }] })]);
    expect(tiers(is({ kind: 'commit', commit: COMMIT.slice(0, 10) }))).toEqual([['built', 'proven']]);
  });
});

describe('criteria that are joined', () => {
  const march: Scope = is({ kind: 'window', from: MINT_TIME, to: MINT_TIME + 10 * DAY });

  it('narrow by a window what uses the data set, not what is made of that', () => {
    make('in time', [input('dataset', { of: 'images' })], MINT_TIME + DAY);
    make('too early', [input('dataset', { of: 'images' })], MINT_TIME - DAY);
    make('much later', [input('base-model', { of: 'in time' })], MINT_TIME + 90 * DAY);
    make('of the early', [input('base-model', { of: 'too early' })], MINT_TIME + DAY);
    expect(tiers({ all: [is(IMAGES), march] }).slice(0, 2)).toEqual([
      ['in time', 'proven'],
      ['much later', 'descendant'],
    ]);
    expect(pathTo({ all: [is(IMAGES), march] }, 'in time').at(-1)?.because).toMatch(/was signed within the window/);
  });

  it('cannot exclude by a window what has no proven time, nor what is made of that', () => {
    make('timeless', [input('dataset', { of: 'images' })]);
    ctx.database.db.update(bundles).set({ signedAt: null }).run();
    ctx.database.db.update(artifacts).set({ signedAt: null }).run();
    make('of it', [input('base-model', { of: 'timeless' })], MINT_TIME + 90 * DAY);
    expect(tiers({ all: [is(IMAGES), march] })).toEqual([
      ['timeless', 'not-excluded'],
      ['of it', 'not-excluded'],
    ]);
  });

  it('need both of two inputs, wherever on the way they came in, as surely as the less sure', () => {
    make('images only', [input('dataset', { of: 'images' })]);
    make('both', [input('base-model', { of: 'images only' }), input('dataset', { of: 'texts' })]);
    const texts = is({ kind: 'dataset', alias: rootOf('texts') });
    expect(tiers({ all: [is(IMAGES), texts] })).toEqual([['both', 'descendant']]);
    expect(tiers({ any: [is(IMAGES), texts] }).map(([name, tier]) => [name, tier])).toEqual([
      ['images only', 'proven'],
      ['both', 'proven'],
    ]);
  });

  it('take of several signers and windows each in its own', () => {
    make('a', [], MINT_TIME);
    make('b', [], MINT_TIME + 20 * DAY, STRANGER);
    const by = (identity: string): Scope => is({ kind: 'identity', identity });
    const later: Scope = is({ kind: 'window', from: MINT_TIME + 15 * DAY, to: null });
    expect(tiers({ any: [{ all: [by(RELEASE.san), march] }, { all: [by(STRANGER.san), later] }] })).toEqual([
      ['a', 'proven'],
      ['b', 'proven'],
    ]);
    expect(tiers({ all: [by(STRANGER.san), march] })).toEqual([]);
  });
});

describe('what cannot be excluded', () => {
  it('is signed by the same signer in the same days and says nothing of its data; never what is reached anyway', () => {
    make('direct', [input('dataset', { of: 'images' })]);
    make('silent', [input('base-model', { of: 'base' })], MINT_TIME + DAY / 2);
    make('with data', [input('dataset', { of: 'other' })], MINT_TIME + DAY / 2);
    make('much later', [], MINT_TIME + 30 * DAY);
    make('of another', [], MINT_TIME, STRANGER);
    const scope = is(IMAGES);
    expect(tiers(scope)).toEqual([
      ['direct', 'proven'],
      ['silent', 'not-excluded'],
    ]);
    expect(pathTo(scope, 'silent')).toMatchObject([
      {
        because: expect.stringMatching(/silent is signed by release-bot@.* as direct is, .* nothing states which data/),
      },
    ]);
    expect(findAffected(ctx.database, scope, { withoutNotExcluded: true }).counts['not-excluded']).toBe(0);
  });

  it('is looked for in the window of the scope, and among all releases of a workflow', () => {
    const workflow = 'https://github.com/northwind/train/.github/workflows/release.yml@refs/tags/';
    const by = (tag: string) => ({ san: `${workflow}${tag}`, issuer: RELEASE.issuer });
    make('direct', [input('dataset', { of: 'images' })], MINT_TIME, by('v1'));
    make('next', [], MINT_TIME + 5 * DAY, by('v2'));
    make('later', [], MINT_TIME + 50 * DAY, by('v3'));
    const window: Scope = is({ kind: 'window', from: MINT_TIME, to: MINT_TIME + 10 * DAY });
    expect(tiers({ all: [is(IMAGES), window] })).toEqual([
      ['direct', 'proven'],
      ['next', 'not-excluded'],
    ]);
  });

  it('is nothing where nothing is proven', () => {
    const carded = make('carded', []);
    declare(ctx, carded, [input('dataset', { of: 'images' })]);
    make('silent', []);
    expect(tiers(is(IMAGES))).toEqual([['carded', 'declared']]);
    expect(ctx.database.db.select().from(links).all()).not.toEqual([]);
  });
});
