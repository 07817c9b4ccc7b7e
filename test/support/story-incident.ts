import { and, asc, eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { artifacts, links } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { deployments } from '#db/schema/deployment.ts';
import { events } from '#db/schema/event.ts';
import { incidentArtifacts, incidentEvents, incidents } from '#db/schema/incident.ts';
import { versions } from '#db/schema/model.ts';
import type { PathStep, Scope, Tier } from '#lib/provenance/scope.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { StoryFacts } from '#test/story/facts.ts';
import { storyVersion } from './story.ts';

/** 26 November 2026, 08:00 UTC: after all of the story. */
export const INCIDENT_TIME = Date.UTC(2026, 10, 26, 8);

const idOf = (number: number) => `inc_${String(number).repeat(32)}`;

export const INCIDENT_ID = idOf(7);

interface Poisoned {
  readonly number: number;
  readonly kind: 'dataset' | 'base-model';
  readonly model: string;
  readonly version: string;
}

/**
 * An incident over the recorded story, as if one thing of it, quay-images 2026-10 where not said, were found to be poisoned:
 * what was trained on it, what was made of that, what an unsigned file or an outsider names, and one version by the same
 * signer that cannot be excluded.
 */
export function mintStoryIncident(
  database: OpenDatabase,
  facts: StoryFacts,
  { number, kind, model, version }: Poisoned = { number: 7, kind: 'dataset', model: 'quay-images', version: '2026-10' },
): string {
  const { db } = database;
  const id = idOf(number);
  const poisoned = storyVersion(facts, model, version).omsRoot;
  const scope: Scope = { any: [{ is: { kind, alias: `sha256:${poisoned}` } }] };
  mintIncident(database, { id, number, title: `${model} ${version} was poisoned` }, scope);
  const start = artifactOf(database, poisoned);
  const paths = spread(database, start);
  const tainted = artifactOf(database, storyVersion(facts, 'northwind-vision', '1.1.0').omsRoot);
  if (!paths.has(tainted)) {
    const signing = db
      .select()
      .from(bundles)
      .innerJoin(versions, eq(versions.id, bundles.versionId))
      .where(eq(versions.artifactId, tainted))
      .get();
    const because = 'Signed by the same makers, and nothing says what it was trained on.';
    const step = { artifactId: tainted, linkId: null, state: null, proofs: [signing?.bundles.id ?? ''], because };
    paths.set(tainted, { tier: 'not-excluded', path: [step] });
  }
  const declared = declaredPath(database);
  if (!paths.has(declared.artifactId)) paths.set(declared.artifactId, { tier: 'declared', path: declared.path });
  for (const [artifactId, { tier, path }] of paths) {
    db.insert(incidentArtifacts)
      .values({
        incidentId: id,
        artifactId,
        tier,
        path: JSON.stringify(path),
        addedAt: INCIDENT_TIME,
        joined: false,
      })
      .run();
  }
  decide(database, id, tainted);
  if (number === 7) deploy(database, artifactOf(database, storyVersion(facts, 'northwind-assistant', '2.1.0').omsRoot));
  linkEvent(database, id);
  return id;
}

function mintIncident({ db }: OpenDatabase, named: { id: string; number: number; title: string }, scope: Scope): void {
  db.insert(incidents)
    .values({
      ...named,
      state: 'under-review',
      severity: 'critical',
      scope: JSON.stringify(scope),
      notice: 'Do not use models trained on quay-images 2026-10.\nWe are working on clean versions.',
      noticeAt: INCIDENT_TIME + 60_000,
      openedAt: INCIDENT_TIME,
      updatedAt: INCIDENT_TIME + 120_000,
      evaluatedAt: INCIDENT_TIME,
      evaluatedOver: 0,
    })
    .run();
  const actor = { kind: 'user', id: `usr_${'1'.repeat(32)}`, name: 'responder@deploy.example' } as const;
  const entry = { chain: named.id, actor };
  db.transaction((tx) => {
    appendAudit(tx, { ...entry, action: 'incident.opened', detail: { scope }, at: INCIDENT_TIME });
    appendAudit(tx, { ...entry, action: 'incident.notice-set', at: INCIDENT_TIME + 60_000 });
    appendAudit(tx, {
      ...entry,
      action: 'incident.noted',
      detail: { note: 'The supplier confirmed it.' },
      at: INCIDENT_TIME + 120_000,
    });
  });
}

/** Everything downstream, each artifact once, by statements that count before others. */
function spread({ db }: OpenDatabase, start: number): Map<number, { tier: Tier; path: readonly PathStep[] }> {
  const first = { artifactId: start, linkId: null, state: null, proofs: [], because: 'It is the data set itself.' };
  const reached = new Map<number, { tier: Tier; path: readonly PathStep[] }>([
    [start, { tier: 'proven', path: [first] }],
  ]);
  for (const isSure of [true, false]) {
    const waiting = [...reached.keys()];
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const before = reached.get(id);
      for (const link of db.select().from(links).where(eq(links.parentId, id)).orderBy(asc(links.id)).all()) {
        const isProof = link.basis === 'attester' && link.state !== 'declared' && link.state !== 'conflict';
        if (!before || reached.has(link.childId) || (isSure && !isProof)) continue;
        const proofs = [link.bundleId ?? `declaration ${link.declarationId}`];
        const step = { artifactId: link.childId, linkId: link.id, state: link.state, proofs, because: link.reason };
        const surest = before.path.length === 1 ? 'proven' : 'descendant';
        const isStillSure = isProof && (before.tier === 'proven' || before.tier === 'descendant');
        reached.set(link.childId, { tier: isStillSure ? surest : 'declared', path: [...before.path, step] });
        waiting.push(link.childId);
      }
    }
  }
  return reached;
}

/** To what an unsigned file alone says where it comes from, by a name. */
function declaredPath({ db }: OpenDatabase): { artifactId: number; path: readonly PathStep[] } {
  const link = db.select().from(links).where(eq(links.basis, 'declaration')).orderBy(asc(links.id)).get();
  if (!link) throw new Error('no file of the story declares an input: open the stage with its hub');
  const { parentId, childId: artifactId, id: linkId, state, reason: because, declarationId } = link;
  const first = { artifactId: parentId, linkId: null, state: null, proofs: [], because: 'By its name.' };
  return {
    artifactId,
    path: [first, { artifactId, linkId, state, proofs: [`declaration ${declarationId}`], because }],
  };
}

function decide({ db }: OpenDatabase, incidentId: string, artifactId: number): void {
  const decision = {
    decision: 'cleared' as const,
    decidedAt: INCIDENT_TIME + 90_000,
    decisionReason: 'Trained before that data set was published.',
  };
  db.update(incidentArtifacts)
    .set(decision)
    .where(and(eq(incidentArtifacts.incidentId, incidentId), eq(incidentArtifacts.artifactId, artifactId)))
    .run();
}

function deploy({ db }: OpenDatabase, artifactId: number): void {
  const running = {
    environment: 'production',
    service: 'harbour-desk',
    artifactId,
    given: '{}',
    source: 'release pipeline',
  };
  db.insert(deployments)
    .values({
      id: `dep_${'3'.repeat(32)}`,
      ...running,
      startedAt: INCIDENT_TIME - 86_400_000,
      confirmedAt: INCIDENT_TIME - 3_600_000,
    })
    .run();
}

/** The entry under a self-made certificate. */
function linkEvent({ db }: OpenDatabase, incidentId: string): void {
  const event = db.select({ id: events.id }).from(events).where(eq(events.authenticity, 'impersonation')).get();
  if (!event) return;
  db.insert(incidentEvents)
    .values({
      incidentId,
      eventId: event.id,
      note: 'Looked at, not related.',
      addedAt: INCIDENT_TIME + 30_000,
    })
    .run();
}

/** The artifact of a signed version. */
export function artifactOf({ db }: OpenDatabase, omsRoot: string): number {
  const found = db
    .select({ id: artifacts.id })
    .from(versions)
    .innerJoin(artifacts, eq(artifacts.id, versions.artifactId))
    .where(eq(versions.root, omsRoot))
    .get();
  if (!found) throw new Error(`no version of the story has the root ${omsRoot}`);
  return found.id;
}

/** All that is written of an archive, in one piece. */
export async function joinChunks(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of chunks) pieces.push(piece);
  return Buffer.concat(pieces);
}
