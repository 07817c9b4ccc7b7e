import { and, eq, inArray, isNull, type Placeholder, type SQL, sql } from 'drizzle-orm';
import { pluckByKeys } from '#db/pluck.ts';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { versions } from '#db/schema/model.ts';
import { matchingRows, searchExpression } from '#db/search.ts';
import { type BuildCriterion, certifiedBy, wantedText } from '#lib/provenance/build-match.ts';
import type { PathStep } from '#lib/provenance/scope.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';
import { IS_VERIFIED } from './attested.ts';
import type { Graph } from './graph.ts';
import { labelOf } from './link-step.ts';
import { signingsOfOthers } from './match-signings.ts';
import { type Direct, PROVEN } from './reached.ts';

const MAX_SEARCH = 32;

/**
 * Artifacts whose signer's certificate says that they were built so, where it chains to a trusted authority: Fulcio wrote what the
 * pipeline's token said.
 */
export function matchCertificates(graph: Graph, criterion: BuildCriterion): Direct[] {
  const met = meetingEvents(graph, criterion);
  const eventIds = [...met.keys()];
  const ofVersions = pluckByKeys<string>(
    graph.sqlite,
    eventIds,
    (keys) => sql`SELECT json_array(${versions.artifactId}, ${bundles.id}, ${bundles.eventId}) FROM ${bundles}
      CROSS JOIN ${versions} ON ${versions.id} = ${bundles.versionId}
      WHERE ${inArray(bundles.eventId, keys)} AND ${IS_VERIFIED} AND ${versions.artifactId} IS NOT NULL`,
  ).map((packed) => JSON.parse(packed) as [number, string, string]);
  const signings = [...ofVersions, ...signedOthers(graph, eventIds)];
  return signings.map(
    ([artifactId, bundleId, eventId]) => new Certified(graph, artifactId, [bundleId, eventId], met.get(eventId) ?? ''),
  );
}

class Certified implements Direct {
  readonly artifactId: number;
  readonly rank = PROVEN;
  readonly length = 1;
  private readonly graph: Graph;
  private readonly proofs: readonly string[];
  private readonly extension: string;

  constructor(graph: Graph, artifactId: number, proofs: readonly string[], extension: string) {
    this.graph = graph;
    this.artifactId = artifactId;
    this.proofs = proofs;
    this.extension = extension;
  }

  steps(): readonly PathStep[] {
    const { artifactId, proofs } = this;
    const label = labelOf(this.graph.sqlite, artifactId);
    const because = `${label}: the certificate of its signer has ${this.extension}.`;
    return [{ artifactId, linkId: null, state: null, proofs, because }];
  }
}

/** Events whose certificate meets the criterion, each with the extension that does. */
function meetingEvents({ db }: Graph, criterion: BuildCriterion): Map<string, string> {
  // The more letters a search has, the longer it takes: a start is enough to find candidates by.
  const start = [...wantedText(criterion)].slice(0, MAX_SEARCH).join('');
  const expression = searchExpression(start);
  if (expression === null) return new Map();
  const candidates = db.values<[string, string | null]>(
    sql`SELECT ${events.id}, ${events.certificate} FROM ${events}
      WHERE ${events.row} IN (${matchingRows(expression)}) AND ${eq(events.authenticity, 'verified')}`,
  );
  const met = new Map<string, string>();
  for (const [id, certificate] of candidates) {
    const facts = certificate === null ? null : (JSON.parse(certificate) as CertificateFacts);
    const extension = facts && certifiedBy(criterion, facts.extensions);
    if (extension) met.set(id, `${extension.name} ${elideMiddle(showText(extension.value), 200)}`);
  }
  return met;
}

/** What was signed in these events that is no model signature. */
function signedOthers({ db, sqlite }: Graph, eventIds: readonly string[]): [number, string, string][] {
  const others = (columns: SQL) => (keys: Placeholder[]) =>
    sql`SELECT ${columns} FROM ${bundles} WHERE ${and(inArray(bundles.eventId, keys), IS_VERIFIED, isNull(bundles.versionId))}`;
  const eventOf = new Map(
    pluckByKeys<string>(sqlite, eventIds, others(sql`json_array(${bundles.id}, ${bundles.eventId})`)).map(
      (packed) => JSON.parse(packed) as [string, string],
    ),
  );
  return inChunks([...eventOf.keys()]).flatMap((ids) =>
    signingsOfOthers(db, inArray(bundles.id, ids)).map(({ artifactId, proof }): [number, string, string] => [
      artifactId,
      proof,
      eventOf.get(proof) ?? '',
    ]),
  );
}

function inChunks(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / 500) }, (_, i) => ids.slice(i * 500, i * 500 + 500));
}
