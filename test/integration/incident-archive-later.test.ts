import { and, eq, ne } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { links } from '#db/schema/artifact.ts';
import { incidentArtifacts, incidents } from '#db/schema/incident.ts';
import { configState } from '#db/schema/job.ts';
import type { ArchiveCheckName } from '#lib/incident-archive/checklist.ts';
import type { ArchivedStep } from '#lib/incident-archive/documents.ts';
import { FILE } from '#lib/incident-archive/layout.ts';
import { verifyArchive } from '#lib/incident-archive/verify-archive.ts';
import { writeArchive } from '#lib/incident-archive/write-archive.ts';
import type { PathStep } from '#lib/provenance/scope.ts';
import { mergeArtifacts } from '#lib/services/graph/merge-artifacts.ts';
import { placeArtifact } from '#lib/services/graph/place-artifact.ts';
import { collectArchive } from '#lib/services/incident-archive/collect.ts';
import { mintHex } from '#test/factories.ts';
import { forgeDocuments, packWithManifest, unpackArchive } from '#test/support/archive-files.ts';
import { INCIDENT_ID, INCIDENT_TIME, joinChunks, mintStoryIncident } from '#test/support/story-incident.ts';
import { openStoryStage, type StoryStage } from '#test/support/story-stage.ts';

const NOW = INCIDENT_TIME + 3_600_000;

let stage: StoryStage;
beforeAll(async () => {
  stage = await openStoryStage({ hub: true });
  await stage.round();
  const { database } = stage.ctx;
  mintStoryIncident(database, stage.story.facts);
  mintStoryIncident(database, stage.story.facts, {
    number: 8,
    kind: 'base-model',
    model: 'tidewater-base',
    version: '1.0.0',
  });
  database.db
    .update(incidents)
    .set({ state: 'closed', closedAt: NOW - 1000 })
    .run();
}, 120_000);
afterAll(() => stage.close());

/** What became of the graph since is taken back after each test. */
beforeEach(() => {
  const { sqlite } = stage.ctx.database;
  sqlite.exec('SAVEPOINT before');
  return () => sqlite.exec('ROLLBACK TO before; RELEASE before');
});

const exportArchive = async (id = INCIDENT_ID) => {
  const contents = await collectArchive(stage.ctx.database, { id, now: NOW });
  if (!contents) throw new Error('there is such an incident');
  return joinChunks(writeArchive(contents));
};
const verify = (bytes: Uint8Array) => {
  const report = verifyArchive(bytes, { trust: null, now: NOW });
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed').map(({ statement }) => statement);
  const of = (name: ArchiveCheckName) => {
    const check = report.checks.find((one) => one.name === name);
    return { outcome: check?.outcome, said: [check?.statement, ...(check?.details ?? [])].join('\n') };
  };
  return { outcome: report.outcome, failed, paths: of('paths'), links: of('links') };
};
const reportOf = (archive: Buffer) => unpackArchive(archive).get(FILE.reportMarkdown)?.toString() ?? '';

/** A step along a link on the way to something that is said to be made of something proven. */
function sureStep(): { path: readonly PathStep[]; link: number; artifact: number } {
  const { db } = stage.ctx.database;
  const rows = db
    .select()
    .from(incidentArtifacts)
    .where(and(eq(incidentArtifacts.incidentId, INCIDENT_ID), eq(incidentArtifacts.tier, 'descendant')))
    .all();
  for (const { path: json } of rows) {
    const path = JSON.parse(json) as PathStep[];
    const step = path[1];
    if (path.length > 2 && step?.linkId != null) return { path, link: step.linkId, artifact: step.artifactId };
  }
  throw new Error('the story has a way of three steps');
}

describe('the archive of a closed incident', () => {
  it('verifies as it was closed, before anything changed', async () => {
    const archive = await exportArchive();
    expect(verify(archive)).toMatchObject({ outcome: 'verified', failed: [], paths: { outcome: 'passed' } });
    expect(reportOf(archive)).not.toContain('When this way was found');
  });

  it.each([
    ['of somebody else', { basis: 'outsider', state: 'declared' } as const, 'a signed statement of somebody else'],
    ['in conflict', { state: 'conflict' } as const, 'conflict'],
  ])('verifies where a link that counted then is %s now, and says so', async (_, judged, words) => {
    const { link } = sureStep();
    stage.ctx.database.db.update(links).set(judged).where(eq(links.id, link)).run();
    const archive = await exportArchive();
    const { outcome, failed, paths } = verify(archive);
    expect({ outcome, failed, paths: paths.outcome }).toEqual({ outcome: 'verified', failed: [], paths: 'claimed' });
    expect(paths.said).toMatch(
      new RegExp(`that the link ${link} counted when this way was found is the word of the archive`),
    );
    expect(paths.said).toContain(words);
    expect(reportOf(archive)).toMatch(/When this way was found it was: verified\. It counts no more\./);
    expect(reportOf(archive)).toMatch(/not what they were when they were found/);
  });

  it('verifies where a link is known no more, and says what cannot be shown any more', async () => {
    const { link } = sureStep();
    stage.ctx.database.db.delete(links).where(eq(links.id, link)).run();
    const archive = await exportArchive();
    const { outcome, failed, paths } = verify(archive);
    expect({ outcome, failed, paths: paths.outcome }).toEqual({ outcome: 'verified', failed: [], paths: 'claimed' });
    expect(paths.said).toMatch(
      /that a statement led to step 2 of its path is the word of the archive: the link is known no more/,
    );
    expect(reportOf(archive)).toContain('The link that led here is known no more.');
  });

  it('verifies where something on the way turned out to be one with something else', async () => {
    const { artifact } = sureStep();
    const { db } = stage.ctx.database;
    const survivor = placeArtifact(
      db,
      {
        kind: 'model',
        name: 'the same',
        aliases: [{ scheme: 'sha256', value: mintHex('the same'), kind: 'oci-manifest' }],
      },
      NOW,
    );
    db.transaction((tx) => mergeArtifacts(tx, survivor, artifact));
    expect(verify(await exportArchive())).toMatchObject({
      outcome: 'verified',
      failed: [],
      paths: { outcome: 'passed' },
    });
  });

  it('is refused where somebody makes a way of what never counted', async () => {
    const archive = await exportArchive();
    const forged = await forgeDocuments(archive, ({ affected }) => ({
      affected: {
        ...affected,
        affected: affected.affected.map((one) => ({
          ...one,
          path: one.path.map((step, i) => ({ ...step, state: i === 0 ? null : ('declared' as const) })),
        })),
      },
    }));
    expect(verify(forged).paths).toMatchObject({ outcome: 'failed' });
    expect(verify(forged).paths.said).toMatch(/the link of step 2 of its path was declared when it was found/);
  });

  it.each<[string, (step: ArchivedStep) => ArchivedStep]>([
    ['without', ({ state: _, ...step }) => step],
    ['with a first link', (step) => ({ ...step, state: 'verified' })],
  ])('is refused with steps %s what was known of their link', async (_, change) => {
    const forged = await forgeDocuments(await exportArchive(), ({ affected }) => ({
      affected: {
        ...affected,
        affected: affected.affected.map((one) => ({ ...one, path: one.path.map(change) })),
      },
    }));
    expect(verify(forged).outcome).toBe('refused');
  });

  it('is refused an export, with what to mend, where a key is gone that a bundle of it needs', async () => {
    const id = `inc_${'8'.repeat(32)}`;
    expect(verify(await exportArchive(id)).outcome).toBe('verified');
    const { db } = stage.ctx.database;
    const { inForce = '{}' } = db.select().from(configState).get() ?? {};
    const config = JSON.parse(inForce) as { trust: object };
    const without = JSON.stringify({ ...config, trust: { ...config.trust, keys: [], authorities: [] } });
    db.update(configState).set({ inForce: without }).where(ne(configState.id, 0)).run();
    await expect(exportArchive(id)).rejects.toThrow(
      /^The bundle bdl_\w+ is signed under trusted authority Tidewater, which is not among trust\.authorities any more.*Put it back/,
    );
  });
});

describe('an archive of version 1', () => {
  it('verifies as it did', async () => {
    const archive = await exportArchive();
    const forged = await forgeDocuments(archive, ({ affected }) => ({
      affected: {
        ...affected,
        affected: affected.affected.map((one) => ({ ...one, path: one.path.map(({ state: _, ...step }) => step) })),
      },
    }));
    const files = unpackArchive(forged);
    const manifest = JSON.parse(files.get(FILE.manifest)?.toString() ?? '') as object;
    files.set(FILE.manifest, Buffer.from(`${JSON.stringify({ ...manifest, version: 1 }, null, 2)}\n`));
    expect(verify(await packWithManifest(files))).toMatchObject({
      outcome: 'verified',
      failed: [],
      paths: { outcome: 'passed' },
    });
  });
});
