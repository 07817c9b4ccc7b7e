import { and, eq, gte, inArray, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { artifactAliases, links } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { logs } from '#db/schema/log.ts';
import { versions } from '#db/schema/model.ts';
import type { Criterion } from '#lib/provenance/scope.ts';
import { isAsserted } from '#lib/services/graph/alias.ts';
import { artifactsOfBundle } from '#lib/services/graph/artifacts-of-bundle.ts';
import { inBatches } from '#lib/services/graph/batch.ts';
import { labelOf } from './link-step.ts';
import { type Direct, PROVEN } from './reached.ts';

type Graph = Pick<OpenDatabase, 'db' | 'sqlite'>;
type SigningCriterion = Extract<Criterion, { kind: 'identity' | 'key' | 'log-range' }>;

/** A signature over an artifact: the bundle or, where only a log shows it, the event. */
interface Signing {
  readonly artifactId: number;
  readonly proof: string;
}

/** Artifacts with a verified signature, over themselves or over where they come from, by a signer, a key, or in a range of a log. */
export function matchSignings(graph: Graph, criterion: SigningCriterion): Direct[] {
  const { db } = graph;
  const found = new Map<number, Direct>();
  const because = wordsOf(criterion);
  const add = ({ artifactId, proof }: Signing) => {
    if (found.has(artifactId)) return;
    const steps = () => [
      {
        artifactId,
        linkId: null,
        state: null,
        proofs: [proof],
        because: `${labelOf(graph.sqlite, artifactId)} is signed ${because}.`,
      },
    ];
    found.set(artifactId, { artifactId, rank: PROVEN, length: 1, steps });
  };
  for (const signing of signingsOf(db, conditionOfBundles(db, criterion))) add(signing);
  for (const signing of loggedOnly(db, conditionOfEvents(db, criterion))) add(signing);
  return [...found.values()];
}

function wordsOf(criterion: SigningCriterion): string {
  if (criterion.kind === 'identity') return 'by the identity that the scope names';
  if (criterion.kind === 'key') return 'with the key or certificate that the scope names';
  return 'in the range of the log that the scope names';
}

function conditionOfBundles(db: OpenDatabase['db'], criterion: SigningCriterion): SQL | undefined {
  if (criterion.kind === 'identity') {
    const { identity, issuer } = criterion;
    return and(eq(bundles.san, identity), issuer === undefined ? undefined : eq(bundles.issuer, issuer));
  }
  if (criterion.kind === 'key') {
    return or(eq(bundles.keySha256, criterion.fingerprint), eq(bundles.certificateSha256, criterion.fingerprint));
  }
  return inArray(bundles.eventId, db.select({ id: events.id }).from(events).where(conditionOfEvents(db, criterion)));
}

function conditionOfEvents(db: OpenDatabase['db'], criterion: SigningCriterion): SQL | undefined {
  if (criterion.kind === 'identity') {
    const { identity, issuer } = criterion;
    return and(eq(events.san, identity), issuer === undefined ? undefined : eq(events.issuer, issuer));
  }
  if (criterion.kind === 'key') {
    return or(eq(events.publicKeySha256, criterion.fingerprint), eq(events.certificateSha256, criterion.fingerprint));
  }
  const log = db.select({ id: logs.id }).from(logs).where(eq(logs.origin, criterion.origin));
  return and(inArray(events.logId, log), gte(events.logIndex, criterion.from), lt(events.logIndex, criterion.to));
}

/** What verified bundles sign: the files of versions, and what attestations by those who have a say state the inputs of. */
export function signingsOf(db: OpenDatabase['db'], condition: SQL | undefined): Signing[] {
  const verified = and(condition, eq(bundles.state, 'verified'));
  const ofVersions = db.values<[number, string]>(sql`
    SELECT ${versions.artifactId}, ${bundles.id} FROM ${bundles}
    JOIN ${versions} ON ${versions.id} = ${bundles.versionId}
    WHERE ${verified} AND ${versions.artifactId} IS NOT NULL`);
  const others = db
    .select({ id: bundles.id, content: bundles.content })
    .from(bundles)
    .where(and(verified, isNull(bundles.versionId)))
    .all();
  const readStated = inBatches<string, { artifactId: number; proof: string; basis: string }>((ids) =>
    db
      .select({ artifactId: links.childId, proof: sql<string>`${links.bundleId}`, basis: links.basis })
      .from(links)
      .where(inArray(links.bundleId, ids))
      .prepare(),
  );
  const stated = readStated(others.map(({ id }) => id)).filter(({ basis }) => basis === 'attester');
  const messages = others
    .filter(({ content }) => content === 'message')
    .flatMap(({ id: proof }) => artifactsOfBundle(db, proof).map((artifactId) => ({ artifactId, proof })));
  return [...ofVersions.map(([artifactId, proof]) => ({ artifactId, proof })), ...stated, ...messages];
}

/** What entries sign whose bundle nobody has shown: known by the digest, where that is a digest of the artifact itself. */
function loggedOnly(db: OpenDatabase['db'], condition: SQL | undefined): Signing[] {
  const rows = db
    .select({ artifactId: artifactAliases.artifactId, kind: artifactAliases.kind, proof: events.id })
    .from(events)
    .innerJoin(
      artifactAliases,
      and(eq(artifactAliases.scheme, events.digestAlgorithm), eq(artifactAliases.value, events.digest)),
    )
    .where(and(condition, eq(events.authenticity, 'verified')))
    .all();
  return rows.filter(isAsserted);
}
