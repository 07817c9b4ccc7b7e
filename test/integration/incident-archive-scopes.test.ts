import { and, eq, isNotNull, like } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connect } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { incidentArtifacts } from '#db/schema/incident.ts';
import { logs } from '#db/schema/log.ts';
import { versions } from '#db/schema/model.ts';
import type { ArchiveCheckName } from '#lib/incident-archive/checklist.ts';
import { verifyArchive } from '#lib/incident-archive/verify-archive.ts';
import { writeArchive } from '#lib/incident-archive/write-archive.ts';
import type { Criterion, PathStep, Scope } from '#lib/provenance/scope.ts';
import { editScope } from '#lib/services/incident/edit-scope.ts';
import { openIncident } from '#lib/services/incident/open.ts';
import { collectArchive } from '#lib/services/incident-archive/collect.ts';
import { forgeDocuments } from '#test/support/archive-files.ts';
import { joinChunks } from '#test/support/story-incident.ts';
import { openStoryStage, type StoryStage } from '#test/support/story-stage.ts';

const WORKFLOW = 'https://github.com/foundation-models-example/northwind/.github/workflows/release.yml';

let stage: StoryStage;
beforeAll(async () => {
  stage = await openStoryStage({ hub: true });
  await stage.round();
}, 120_000);
afterAll(() => stage.close());

/** The archive of an incident that is opened with this scope. */
async function archiveOf(scope: Scope): Promise<Buffer> {
  return exportOf(openOver(scope).id);
}

function openOver(scope: Scope) {
  return openIncident(stage.ctx, {
    title: 'What a criterion names',
    severity: 'high',
    scope,
    ownerId: null,
    actor: { kind: 'command-line' },
  });
}

async function exportOf(id: string): Promise<Buffer> {
  const contents = await collectArchive(stage.ctx.database, { id, now: Date.now() });
  if (!contents) throw new Error('it was opened');
  expect(contents.affected.affected.length).toBeGreaterThan(0);
  return joinChunks(writeArchive(contents));
}

function verify(bytes: Uint8Array) {
  const report = verifyArchive(bytes, { trust: null, now: Date.now() });
  const of = (name: ArchiveCheckName) => {
    const check = report.checks.find((one) => one.name === name);
    return { outcome: check?.outcome, said: [check?.statement, ...(check?.details ?? [])].join('\n') };
  };
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed').map(({ statement }) => statement);
  return { outcome: report.outcome, failed, paths: of('paths'), scope: of('scope') };
}

const stored = () => {
  const { db } = stage.ctx.database;
  const signing = db
    .select({ bundle: bundles, event: events, origin: logs.origin })
    .from(bundles)
    .innerJoin(events, eq(events.id, bundles.eventId))
    .innerJoin(logs, eq(logs.id, events.logId))
    .where(and(like(bundles.san, `${WORKFLOW}@%`), isNotNull(bundles.versionId)))
    .get();
  if (!signing) throw new Error('the story has one');
  return signing;
};

const criteria: readonly (readonly [what: string, () => Criterion])[] = [
  ['a builder that an attestation states', () => ({ kind: 'builder', builder: `${WORKFLOW}@refs/tags/v1.1.0` })],
  ['a workflow on any ref', () => ({ kind: 'workflow', workflow: WORKFLOW })],
  ['a workflow on one tag', () => ({ kind: 'workflow', workflow: `${WORKFLOW}@refs/tags/v1.2.0` })],
  ['a runner that a certificate has', () => ({ kind: 'builder', builder: 'github-hosted' })],
  [
    'a repository',
    () => ({ kind: 'repository', repository: 'https://github.com/foundation-models-example/northwind' }),
  ],
  ['a commit', () => ({ kind: 'commit', commit: '7b31abf1591032c2eda0ed22fa2ac78825ace3b0' })],
  ['a window', () => ({ kind: 'window', from: (stored().bundle.signedAt ?? 0) - 1, to: stored().bundle.signedAt })],
  ['an identity', () => ({ kind: 'identity', identity: stored().bundle.san ?? '' })],
  ['a certificate', () => ({ kind: 'key', fingerprint: stored().bundle.certificateSha256 ?? '' })],
  [
    'entries of a log',
    () => {
      const { origin, event } = stored();
      const at = event.logIndex ?? 0;
      return { kind: 'log-range', origin, from: at, to: at + 1 };
    },
  ],
  ['a base model by the name that was signed', () => ({ kind: 'base-model', alias: 'northwind-assistant' })],
];

describe('what a criterion names by itself', () => {
  it.each(criteria)('is shown offline to be named: %s', async (_, criterion) => {
    const { outcome, failed, paths, scope } = verify(await archiveOf({ is: criterion() }));
    expect(failed).toEqual([]);
    expect({ outcome, paths: paths.outcome, said: paths.said }).toMatchObject({ outcome: 'verified', paths: 'passed' });
    expect(
      scope.said
        .split('\n')
        .slice(1)
        .filter((line) => !line.includes('it cannot be excluded')),
    ).toEqual([]);
  });

  it('is not asked of what the scope led to before it was edited', async () => {
    const { id } = openOver({ is: { kind: 'identity', identity: stored().bundle.san ?? '' } });
    const scope: Scope = { is: { kind: 'identity', identity: 'adapters@models.example' } };
    editScope(stage.ctx, { id, actor: { kind: 'command-line' }, scope });
    const { outcome, failed, paths } = verify(await exportOf(id));
    expect({ outcome, failed, paths: paths.outcome }).toEqual({ outcome: 'verified', failed: [], paths: 'claimed' });
    expect(paths.said).toContain('is the word of the archive: the scope reaches it no more');
  });

  it('is shown by an entry of a log alone, where nobody has the bundle', async () => {
    const { db } = stage.ctx.database;
    const { bundle, event } = stored();
    const version = db
      .select()
      .from(versions)
      .where(eq(versions.id, bundle.versionId ?? ''))
      .get();
    const { id } = openOver({ is: { kind: 'identity', identity: bundle.san ?? '' } });
    const part = and(eq(incidentArtifacts.incidentId, id), eq(incidentArtifacts.artifactId, version?.artifactId ?? 0));
    const [row] = db.select().from(incidentArtifacts).where(part).all();
    const path = (JSON.parse(row?.path ?? '[]') as PathStep[]).map((step) => ({ ...step, proofs: [event.id] }));
    db.update(incidentArtifacts)
      .set({ path: JSON.stringify(path) })
      .where(part)
      .run();
    expect(verify(await exportOf(id))).toMatchObject({ outcome: 'verified', paths: { outcome: 'passed' } });
  });

  it('is the word of a source, and said so with the reason, where nobody signed the name', async () => {
    const { db } = stage.ctx.database;
    const model = db.select().from(artifacts).where(eq(artifacts.name, 'northwind-assistant')).limit(1).get();
    db.update(artifacts)
      .set({ name: 'northwind-gold' })
      .where(eq(artifacts.id, model?.id ?? 0))
      .run();
    const archive = await archiveOf({ is: { kind: 'base-model', alias: 'northwind-gold' } });
    db.update(artifacts)
      .set({ name: 'northwind-assistant' })
      .where(eq(artifacts.id, model?.id ?? 0))
      .run();
    const { outcome, paths } = verify(archive);
    expect({ outcome, paths: paths.outcome }).toEqual({ outcome: 'verified', paths: 'claimed' });
    expect(paths.said).toContain(
      'nobody signed that it is called “northwind-gold”: only a registration or a source says so',
    );
  });
});

describe('the archive of an open incident', () => {
  it('is of one moment, whatever another process judges meanwhile, and says of the next what changed', async () => {
    const { db } = stage.ctx.database;
    const { id } = openOver({ is: { kind: 'dataset', alias: 'quay-images' } });
    const begin = db.transaction.bind(db);
    const other = connect(stage.databasePath);
    const former = other.prepare('SELECT id, state FROM links').all() as { id: number; state: string }[];
    const spy = vi.spyOn(db, 'transaction').mockImplementationOnce((act, config) =>
      begin((tx) => {
        // What was read first is the moment; the other process commits before the rest is read.
        tx.select().from(artifacts).limit(1).get();
        other.exec("UPDATE links SET state = 'conflict'");
        return act(tx);
      }, config),
    );
    const during = verify(await exportOf(id));
    spy.mockRestore();
    const after = verify(await exportOf(id));
    for (const { id: link, state } of former) other.prepare('UPDATE links SET state = ? WHERE id = ?').run(state, link);
    other.close();
    expect(during).toMatchObject({ outcome: 'verified', paths: { outcome: 'passed' } });
    expect(after).toMatchObject({ outcome: 'verified', paths: { outcome: 'claimed' } });
    expect(after.paths.said).toContain('today it is a signed statement’s, conflict');
  });
});

describe('a scope that was turned by somebody who makes all documents anew', () => {
  const others: Readonly<Record<Criterion['kind'], Criterion>> = {
    builder: { kind: 'builder', builder: 'https://elsewhere.example/builder' },
    workflow: { kind: 'workflow', workflow: `${WORKFLOW}.other` },
    repository: { kind: 'repository', repository: 'https://github.com/foundation-models-example/southwind' },
    commit: { kind: 'commit', commit: 'f'.repeat(40) },
    window: { kind: 'window', from: 1, to: 2 },
    identity: { kind: 'identity', identity: 'somebody@elsewhere.example' },
    key: { kind: 'key', fingerprint: 'e'.repeat(64) },
    'log-range': { kind: 'log-range', origin: 'log.elsewhere.example', from: 0, to: 1000 },
    'base-model': { kind: 'base-model', alias: `sha256:${'d'.repeat(64)}` },
    dataset: { kind: 'dataset', alias: `sha256:${'d'.repeat(64)}` },
    file: { kind: 'file', digest: 'd'.repeat(64) },
  };

  it.each(criteria)('is refused: %s', async (_, criterion) => {
    const is = criterion();
    const archive = await archiveOf({ is });
    const forged = await forgeDocuments(archive, ({ incident }) => ({
      incident: { ...incident, scope: { is: others[is.kind] } },
    }));
    const { outcome, paths } = verify(forged);
    expect({ outcome, paths: paths.outcome }).toEqual({ outcome: 'refused', paths: 'failed' });
    expect(paths.said).toContain('no criterion of the scope names it');
  });

  it('is refused where a way begins with what no criterion names', async () => {
    const archive = await archiveOf({ is: { kind: 'dataset', alias: 'quay-images' } });
    const forged = await forgeDocuments(archive, ({ incident }) => ({
      incident: { ...incident, scope: { is: others.dataset } },
    }));
    expect(verify(forged)).toMatchObject({ outcome: 'refused', scope: { outcome: 'failed' } });
  });
});
