import { describe, expect, it } from 'vitest';
import { auditEntries } from '#db/schema/audit.ts';
import { publicationChanges, publications, shareLinks } from '#db/schema/sharing.ts';
import { USUAL_PARTS } from '#lib/provenance/shared-parts.ts';
import { checkAuditChain } from '#lib/services/audit/check.ts';
import { changePublication } from '#lib/services/sharing/change.ts';
import { createShareLink } from '#lib/services/sharing/create-share-link.ts';
import { findPublication } from '#lib/services/sharing/find-publication.ts';
import { getPublic } from '#lib/services/sharing/get-public.ts';
import { listPublications } from '#lib/services/sharing/list.ts';
import { listChanges } from '#lib/services/sharing/list-changes.ts';
import { listShareLinks } from '#lib/services/sharing/list-share-links.ts';
import { openShareLink } from '#lib/services/sharing/open-share-link.ts';
import { publish } from '#lib/services/sharing/publish.ts';
import { recordChanges } from '#lib/services/sharing/record-changes.ts';
import { revokeShareLink } from '#lib/services/sharing/revoke-share-link.ts';
import { findTarget } from '#lib/services/sharing/target.ts';
import { withdraw } from '#lib/services/sharing/withdraw.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { ACTOR, mintIncident, mintRetraction, parts } from '#test/support/sharing-scene.ts';
import { mintKnown, signKnown } from '../verification/mint-known.ts';

const DAY = 86_400_000;

function scene() {
  const ctx = openContext();
  const version = mintKnown(ctx, { label: '1.0' });
  signKnown(ctx, version);
  const { targetId } = findTarget(ctx.database.db, 'granite', null);
  const model = { kind: 'model', targetId } as const;
  return { ctx, version, model, db: ctx.database.db };
}

const found = (ctx: TestContext, slug: string) => {
  const publication = findPublication(ctx.database, slug);
  if (publication === null || publication === 'withdrawn') throw new Error(`${slug} is not public`);
  return publication;
};
const statements = (ctx: TestContext, slug: string) =>
  listChanges(ctx.database, found(ctx, slug))?.map(({ kind, statement }) => `${kind}: ${statement}`);
const shown = async (ctx: TestContext, slug: string) => getPublic(ctx.database, found(ctx, slug), null);

describe('publishing', () => {
  it('shows nothing before somebody publishes', () => {
    const { ctx } = scene();
    expect(findPublication(ctx.database, 'granite')).toBeNull();
  });

  it('shows what its parts allow from then on, and writes down who did it', async () => {
    const { ctx, model, db } = scene();
    expect(publish(ctx, { ...model, parts: USUAL_PARTS, actor: ACTOR })).toBe('granite');
    const page = await shown(ctx, 'granite');
    expect(page).toMatchObject({ name: 'granite', label: '1.0', chain: null });
    expect(page?.files?.count).toBe(3);
    expect(db.select().from(auditEntries).all()).toMatchObject([
      { chain: 'sharing', action: 'publication.published', target: 'granite' },
    ]);
  });

  it('gives back nothing of a part that is not shown', async () => {
    const { ctx, model } = scene();
    publish(ctx, { ...model, parts: parts(), actor: ACTOR });
    expect(await shown(ctx, 'granite')).toMatchObject({
      signer: null,
      files: null,
      chain: null,
      level: null,
      fields: null,
      proofs: null,
      versions: null,
      notices: [],
    });
    expect(listChanges(ctx.database, found(ctx, 'granite'))).toBeNull();
  });

  it.each([
    ['Up', 'is not 3 to 64 lowercase'],
    ['-a-b', 'is not 3 to 64 lowercase'],
    ['a/b', 'is not 3 to 64 lowercase'],
    ['x'.repeat(65), 'is not 3 to 64 lowercase'],
    ['_', 'is not 3 to 64 lowercase'],
    ['granite\n', 'is not 3 to 64 lowercase'],
  ])('refuses the address %j', (slug, why) => {
    const { ctx, model } = scene();
    expect(() => publish(ctx, { ...model, slug, parts: USUAL_PARTS, actor: ACTOR })).toThrow(why);
  });

  it('refuses an address that another page has or had, a second page, and what is not known', () => {
    const { ctx, model, version, db } = scene();
    publish(ctx, { ...model, slug: 'taken', parts: USUAL_PARTS, actor: ACTOR });
    const other = { kind: 'version', targetId: version.versionId } as const;
    expect(() => publish(ctx, { ...other, slug: 'taken', parts: USUAL_PARTS, actor: ACTOR })).toThrow(/has or had/);
    expect(() => publish(ctx, { ...model, parts: USUAL_PARTS, actor: ACTOR })).toThrow(/public already, as taken/);
    withdraw(ctx, { slug: 'taken', actor: ACTOR });
    expect(() => publish(ctx, { ...other, slug: 'taken', parts: USUAL_PARTS, actor: ACTOR })).toThrow(/has or had/);
    const unknown = { kind: 'model', targetId: 'mdl_nobody' } as const;
    expect(() => publish(ctx, { ...unknown, parts: USUAL_PARTS, actor: ACTOR })).toThrow(/No model "mdl_nobody"/);
    expect(db.select().from(publications).all()).toHaveLength(1);
  });

  it('refuses proofs without what they hold', () => {
    const { ctx, model } = scene();
    expect(() => publish(ctx, { ...model, parts: parts('proofs', 'files'), actor: ACTOR })).toThrow(/Show signer too/);
  });

  it('changes what is shown, takes it back, and makes it public again under another address', async () => {
    const { ctx, model } = scene();
    publish(ctx, { ...model, slug: 'one', parts: USUAL_PARTS, actor: ACTOR });
    changePublication(ctx, { slug: 'one', parts: parts('signer'), actor: ACTOR });
    expect((await shown(ctx, 'one'))?.files).toBeNull();
    withdraw(ctx, { slug: 'one', actor: ACTOR });
    expect(findPublication(ctx.database, 'one')).toBe('withdrawn');
    expect(() => withdraw(ctx, { slug: 'one', actor: ACTOR })).toThrow(/No public page/);
    expect(() => changePublication(ctx, { slug: 'one', parts: parts(), actor: ACTOR })).toThrow(/No public page/);
    ctx.tick(DAY);
    publish(ctx, { ...model, slug: 'two', parts: USUAL_PARTS, actor: ACTOR });
    expect(findPublication(ctx.database, 'one')).toBeNull();
    expect(await listPublications(ctx.database)).toMatchObject([{ slug: 'two', withdrawnAt: null }]);
    expect(await checkAuditChain(ctx.database, 'sharing')).toBeNull();
  });

  it('shows one version for ever where one was published, and a model by its newest', async () => {
    const { ctx, model, version } = scene();
    publish(ctx, { kind: 'version', targetId: version.versionId, slug: 'only', parts: USUAL_PARTS, actor: ACTOR });
    publish(ctx, { ...model, slug: 'newest', parts: USUAL_PARTS, actor: ACTOR });
    ctx.tick(DAY);
    const next = mintKnown(ctx, { label: '2.0', files: { 'model.safetensors': 'other' } });
    signKnown(ctx, next);
    expect((await shown(ctx, 'only'))?.label).toBe('1.0');
    expect((await shown(ctx, 'newest'))?.versions?.map(({ label }) => label)).toEqual(['2.0', '1.0']);
  });

  it('says nothing of older versions without the history', async () => {
    const { ctx, model } = scene();
    const old = await (async () => {
      publish(ctx, { ...model, slug: 'newest', parts: parts('signer'), actor: ACTOR });
      return (await shown(ctx, 'newest'))?.key ?? '';
    })();
    ctx.tick(DAY);
    signKnown(ctx, mintKnown(ctx, { label: '2.0', files: { 'model.safetensors': 'other' } }));
    ctx.database.sqlite.exec("UPDATE models SET newest_version_id = (SELECT id FROM versions WHERE label = '2.0')");
    expect(await getPublic(ctx.database, found(ctx, 'newest'), old)).toBeNull();
    changePublication(ctx, { slug: 'newest', parts: parts('history'), actor: ACTOR });
    expect((await getPublic(ctx.database, found(ctx, 'newest'), old))?.label).toBe('1.0');
  });
});

describe('what outsiders are told of incidents', () => {
  it('is in the words of the responder, and forbids the use', async () => {
    const { ctx, model, version } = scene();
    publish(ctx, { ...model, parts: USUAL_PARTS, actor: ACTOR });
    mintIncident(ctx.database, version.artifactId, { notice: 'Do not load it: data of March was poisoned.' });
    const page = await shown(ctx, 'granite');
    expect(page?.state).toBe('refused');
    expect(page?.notices).toMatchObject([{ wording: 'Do not load it: data of March was poisoned.', forbidsUse: true }]);
  });

  it('is one sentence of ours where nothing was said, never what it is called inside', async () => {
    const { ctx, model, version } = scene();
    publish(ctx, { ...model, parts: USUAL_PARTS, actor: ACTOR });
    mintIncident(ctx.database, version.artifactId, { title: 'INSIDE' });
    mintIncident(ctx.database, version.artifactId, { title: 'INSIDE TOO' });
    const page = await shown(ctx, 'granite');
    expect(page?.notices).toMatchObject([{ wording: null, forbidsUse: true }]);
    expect(JSON.stringify(page)).not.toContain('INSIDE');
  });

  it('is nothing where it cannot be excluded and nothing was said', async () => {
    const { ctx, model, version } = scene();
    publish(ctx, { ...model, parts: USUAL_PARTS, actor: ACTOR });
    mintIncident(ctx.database, version.artifactId, { tier: 'not-excluded' });
    expect(await shown(ctx, 'granite')).toMatchObject({ state: 'not-logged', notices: [] });
  });

  it('forbids the use even where notices are not shown, without their words', async () => {
    const { ctx, model, version } = scene();
    publish(ctx, { ...model, parts: parts('signer'), actor: ACTOR });
    mintIncident(ctx.database, version.artifactId, { notice: 'WORDS' });
    const page = await shown(ctx, 'granite');
    expect(page).toMatchObject({ state: 'refused', notices: [{ wording: null, forbidsUse: true }] });
    expect(JSON.stringify(page)).not.toContain('WORDS');
  });

  it('counts a retraction by who may sign, and no other', async () => {
    const { ctx, model, version, db } = scene();
    publish(ctx, { ...model, parts: USUAL_PARTS, actor: ACTOR });
    const [bundle] = ctx.database.sqlite.prepare('SELECT id FROM bundles').all() as { id: string }[];
    const retraction = { bundleId: bundle?.id ?? '', artifactId: version.artifactId, reason: 'Wrong weights.' };
    mintRetraction(ctx.database, { ...retraction, counts: false });
    expect((await shown(ctx, 'granite'))?.state).toBe('not-logged');
    db.delete(publicationChanges).run();
    ctx.database.sqlite.exec('UPDATE retractions SET counts = 1');
    expect(await shown(ctx, 'granite')).toMatchObject({
      state: 'retracted',
      notices: [{ kind: 'retraction', wording: 'Wrong weights.' }],
    });
  });
});

describe('the feed of changes', () => {
  it('tells new versions, states and notices once each, however often it is looked', () => {
    const { ctx, model, version } = scene();
    publish(ctx, { ...model, parts: USUAL_PARTS, actor: ACTOR });
    expect(recordChanges(ctx)).toBe(0);
    ctx.tick(DAY);
    signKnown(ctx, mintKnown(ctx, { label: '2.0', files: { 'model.safetensors': 'other' } }));
    const incident = mintIncident(ctx.database, version.artifactId, { notice: 'Do not use it.' });
    expect(recordChanges(ctx)).toBe(3);
    expect(recordChanges(ctx)).toBe(0);
    ctx.tick(DAY);
    ctx.database.sqlite.prepare("UPDATE incidents SET state = 'closed' WHERE id = ?").run(incident);
    expect(recordChanges(ctx)).toBe(1);
    ctx.tick(DAY);
    ctx.database.sqlite.prepare("UPDATE incidents SET state = 'open' WHERE id = ?").run(incident);
    expect(recordChanges(ctx)).toBe(1);
    expect(statements(ctx, 'granite')).toEqual([
      'state: Version 1.0 was Signed, not logged, and is now Do not use.',
      'state: Version 1.0 was Do not use, and is now Signed, not logged.',
      'notice: A notice about version 1.0 was published or changed.',
      'state: Version 1.0 was Signed, not logged, and is now Do not use.',
      'version: Version 2.0 is new: Signed, not logged.',
      'version: Version 1.0 was there when the page was published: Signed, not logged.',
      'published: The page was published.',
    ]);
  });

  it('says nothing of notices where these are not shown, and of nothing that was withdrawn', () => {
    const { ctx, model, version } = scene();
    publish(ctx, { ...model, parts: parts('history'), actor: ACTOR });
    mintIncident(ctx.database, version.artifactId, { notice: 'SECRET', tier: 'not-excluded' });
    recordChanges(ctx);
    expect(statements(ctx, 'granite')?.join()).not.toMatch(/notice|SECRET/);
    withdraw(ctx, { slug: 'granite', actor: ACTOR });
    mintKnown(ctx, { label: '3.0', files: { a: 'b' } });
    expect(recordChanges(ctx)).toBe(0);
  });
});

describe('unlisted links', () => {
  const made = () => {
    const { ctx, model, db } = scene();
    const link = createShareLink(ctx, { ...model, parts: USUAL_PARTS, note: 'for an auditor', days: 7, actor: ACTOR });
    return { ctx, model, link, db };
  };

  it('open for whoever has the secret, of which only a hash is kept', async () => {
    const { ctx, link, db } = made();
    expect(link.secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(openShareLink(ctx.database, { secret: link.secret, now: ctx.now() })).toMatchObject({ kind: 'model' });
    for (const rows of [db.select().from(shareLinks).all(), db.select().from(auditEntries).all()]) {
      expect(JSON.stringify(rows)).not.toContain(link.secret);
    }
    expect(await listShareLinks(ctx.database)).toMatchObject([{ note: 'for an auditor', lastUsedAt: ctx.now() }]);
  });

  it('run out, and can be revoked at once', () => {
    const { ctx, link } = made();
    const open = () => openShareLink(ctx.database, { secret: link.secret, now: ctx.now() });
    expect(revokeShareLink(ctx, { id: link.secret, actor: ACTOR })).toBe(false);
    ctx.tick(7 * DAY - 1);
    expect(open()).not.toBeNull();
    ctx.tick(1);
    expect(open()).toBeNull();
    const other = made();
    expect(revokeShareLink(other.ctx, { id: other.link.id, actor: ACTOR })).toBe(true);
    expect(openShareLink(other.ctx.database, { secret: other.link.secret, now: other.ctx.now() })).toBeNull();
    expect(revokeShareLink(other.ctx, { id: other.link.id, actor: ACTOR })).toBe(false);
  });

  it.each(['', 'x', 'a'.repeat(43), 'a'.repeat(44), "' OR 1=1 --", '\u0000'.repeat(43)])(
    'do not open by %j',
    (secret) => {
      const { ctx } = made();
      expect(openShareLink(ctx.database, { secret, now: ctx.now() })).toBeNull();
    },
  );

  it('are for 1 to 365 days, and for what is known', () => {
    const { ctx, model } = made();
    const input = { ...model, parts: USUAL_PARTS, note: '', actor: ACTOR };
    for (const days of [0, 366, 1.5]) expect(() => createShareLink(ctx, { ...input, days })).toThrow();
    expect(() => createShareLink(ctx, { ...input, targetId: 'mdl_x', days: 1 })).toThrow(/No model/);
  });
});
