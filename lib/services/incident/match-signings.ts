import { and, eq, gte, inArray, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { pluck } from '#db/pluck.ts';
import { artifactAliases, links } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { logs } from '#db/schema/log.ts';
import { versions } from '#db/schema/model.ts';
import type { Criterion, PathStep } from '#lib/provenance/scope.ts';
import { isAsserted } from '#lib/services/graph/alias.ts';
import { artifactsOfBundles } from '#lib/services/graph/artifacts-of-bundle.ts';
import { inBatches } from '#lib/services/graph/batch.ts';
import type { Graph } from './graph.ts';
import { labelOf } from './link-step.ts';
import { type Direct, PROVEN } from './reached.ts';

type SigningCriterion = Extract<Criterion, { kind: 'identity' | 'key' | 'log-range' }>;

/** A signature over an artifact: the bundle or, where only a log shows it, the event. */
interface Signing {
  readonly artifactId: number;
  readonly proof: string;
}

/** Artifacts with a verified signature, over themselves or over where they come from, by a signer, a key, or in a range of a log. */
export function matchSignings(graph: Graph, criterion: SigningCriterion): Direct[] {
  const { db, sqlite } = graph;
  const inBundles = conditionOfBundles(db, criterion);
  const signed = pluck<number | null>(sqlite, sql`SELECT ${versions.artifactId} ${ofVersions(inBundles)}`);
  const others = [...signingsOfOthers(db, inBundles), ...loggedOnly(db, conditionOfEvents(db, criterion))];
  const proofs = new Map(others.map(({ artifactId, proof }) => [artifactId, proof]));
  const because = wordsOf(criterion);
  const ids = new Set([...signed.filter((id) => id !== null), ...proofs.keys()]);
  return Array.from(ids, (id) => new Signed(graph, id, because, () => proofs.get(id) ?? proofOf(graph, inBundles, id)));
}

class Signed implements Direct {
  readonly artifactId: number;
  readonly rank = PROVEN;
  readonly length = 1;
  private readonly graph: Graph;
  private readonly because: string;
  private readonly proof: () => string | undefined;

  constructor(graph: Graph, artifactId: number, because: string, proof: () => string | undefined) {
    this.graph = graph;
    this.artifactId = artifactId;
    this.because = because;
    this.proof = proof;
  }

  steps(): readonly PathStep[] {
    const { artifactId } = this;
    const proof = this.proof();
    const because = `${labelOf(this.graph.sqlite, artifactId)} is signed ${this.because}.`;
    return [{ artifactId, linkId: null, state: null, proofs: proof === undefined ? [] : [proof], because }];
  }
}

/** Verified bundles that sign the files of versions. */
function ofVersions(condition: SQL | undefined): SQL {
  return sql`FROM ${bundles} JOIN ${versions} ON ${versions.id} = ${bundles.versionId}
    WHERE ${and(condition, eq(bundles.state, 'verified'))}`;
}

function proofOf({ sqlite }: Graph, condition: SQL | undefined, artifactId: number): string | undefined {
  const ofOne = and(condition, eq(versions.artifactId, artifactId));
  return pluck<string>(sqlite, sql`SELECT ${bundles.id} ${ofVersions(ofOne)} ORDER BY ${bundles.id} LIMIT 1`)[0];
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

/**
 * What verified bundles sign that are no model signatures: what attestations by those who have a say state the inputs of, and
 * artifacts by their digest.
 */
export function signingsOfOthers(db: OpenDatabase['db'], condition: SQL | undefined): Signing[] {
  const others = db
    .select({ id: bundles.id, content: bundles.content })
    .from(bundles)
    .where(and(condition, eq(bundles.state, 'verified'), isNull(bundles.versionId)))
    .all();
  const readStated = inBatches<string, { artifactId: number; proof: string; basis: string }>((ids) =>
    db
      .select({ artifactId: links.childId, proof: sql<string>`${links.bundleId}`, basis: links.basis })
      .from(links)
      .where(inArray(links.bundleId, ids))
      .prepare(),
  );
  const stated = readStated(others.map(({ id }) => id)).filter(({ basis }) => basis === 'attester');
  const messages = others.filter(({ content }) => content === 'message').map(({ id }) => id);
  const signed = [...artifactsOfBundles(db, messages)].flatMap(([proof, ids]) =>
    ids.map((artifactId) => ({ artifactId, proof })),
  );
  return [...stated, ...signed];
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
