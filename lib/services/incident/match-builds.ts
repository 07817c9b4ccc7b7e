import { and, eq, gte, inArray, lt, type SQL, sql } from 'drizzle-orm';
import { attestations, links, STATED_IN_FACTS } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { matchingRows, searchExpression } from '#db/search.ts';
import type { AttestationFacts } from '#lib/attestation/facts.ts';
import { repositoryOf } from '#lib/attestation/source-code.ts';
import { type BuildCriterion, certifiedBy, pathOf, statedBy, wantedText } from '#lib/provenance/build-match.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import { artifactsOfBundle } from '#lib/services/graph/artifacts-of-bundle.ts';
import { inBatches } from '#lib/services/graph/batch.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';
import { aliasesFrom } from './find-seeds.ts';
import type { Graph } from './graph.ts';
import { labelOf } from './link-step.ts';
import { childrenOf } from './match-inputs.ts';
import { signingsOf } from './match-signings.ts';
import { DECLARED, type Direct, PROVEN } from './reached.ts';

/**
 * Artifacts that were built by a commit, repository, workflow or builder: because the certificate of who signed them says
 * so, because a verified attestation does, or because their code is that commit.
 */
export function matchBuilds(graph: Graph, criterion: BuildCriterion): Direct[] {
  const seeds = codeSeeds(graph, criterion).map((artifactId) => ({ artifactId, rank: PROVEN, only: null }));
  return [...certified(graph, criterion), ...attested(graph, criterion), ...childrenOf(graph, seeds)];
}

/** Commits, and code that is only known by its address. */
function codeSeeds({ db }: Graph, criterion: BuildCriterion): number[] {
  if (criterion.kind === 'commit') return aliasesFrom(db, 'git', criterion.commit.toLowerCase());
  if (criterion.kind !== 'repository') return [];
  const repository = repositoryOf(criterion.repository);
  const starts = [repository, `git+${repository}`];
  return starts.flatMap((start) =>
    ['', '.git', '@', '.git@'].flatMap((end) =>
      end.endsWith('@') ? aliasesFrom(db, 'name', start + end) : exactly(db, start + end),
    ),
  );
}

function exactly(db: Graph['db'], value: string): number[] {
  // What begins with the name and a NUL is no other name: of the range, only the name itself can be known.
  return db
    .values<[number]>(sql`SELECT artifact_id FROM artifact_aliases WHERE scheme = 'name' AND value = ${value}`)
    .map(([id]) => id);
}

/** By certificates that chain to a trusted authority: Fulcio wrote what the pipeline's token said. */
function certified(graph: Graph, criterion: BuildCriterion): Direct[] {
  const { db } = graph;
  const expression = searchExpression(wantedText(criterion));
  if (expression === null) return [];
  const candidates = db
    .select({ id: events.id, certificate: events.certificate })
    .from(events)
    .where(and(sql`${events.row} IN (${matchingRows(expression)})`, eq(events.authenticity, 'verified')))
    .all();
  const met = new Map<string, string>();
  for (const { id, certificate } of candidates) {
    const facts = certificate === null ? null : (JSON.parse(certificate) as CertificateFacts);
    const extension = facts && certifiedBy(criterion, facts.extensions);
    if (extension) met.set(id, `${extension.name} ${shown(extension.value)}`);
  }
  const readBundles = inBatches<string, { id: string; eventId: string | null }>((ids) =>
    db
      .select({ id: bundles.id, eventId: bundles.eventId })
      .from(bundles)
      .where(inArray(bundles.eventId, ids))
      .prepare(),
  );
  const eventOf = new Map(readBundles([...met.keys()]).map(({ id, eventId }) => [id, eventId ?? '']));
  return inChunks([...eventOf.keys()]).flatMap((ids) =>
    signingsOf(db, inArray(bundles.id, ids)).map(({ artifactId, proof }) => {
      const eventId = eventOf.get(proof) ?? '';
      const why = `the certificate of its signer has ${met.get(eventId)}`;
      return directOf(graph, { artifactId, rank: PROVEN, proofs: [proof, eventId], why });
    }),
  );
}

/** By what verified attestations state: as proof where their signer has a say on where the artifact comes from. */
function attested(graph: Graph, criterion: BuildCriterion): Direct[] {
  const { db } = graph;
  const rows = db
    .select({ id: attestations.bundleId, facts: attestations.facts, state: bundles.state })
    .from(attestations)
    .innerJoin(bundles, eq(bundles.id, attestations.bundleId))
    .where(candidateFacts(criterion))
    .all();
  return rows.flatMap(({ id, facts, state }): Direct[] => {
    const value = state === 'verified' ? statedBy(criterion, JSON.parse(facts) as AttestationFacts) : null;
    if (value === null) return [];
    const own = db
      .selectDistinct({ artifactId: links.childId, basis: links.basis })
      .from(links)
      .where(eq(links.bundleId, id))
      .all();
    const byLinks = new Map(own.map(({ artifactId, basis }) => [artifactId, basis === 'attester' ? PROVEN : DECLARED]));
    // Who states no input was not asked whether they have a say.
    for (const artifactId of artifactsOfBundle(db, id)) {
      if (!byLinks.has(artifactId)) byLinks.set(artifactId, DECLARED);
    }
    return [...byLinks].map(([artifactId, rank]) =>
      directOf(graph, { artifactId, rank, proofs: [id], why: `an attestation of it names ${shown(value)}` }),
    );
  });
}

function candidateFacts(criterion: BuildCriterion): SQL | undefined {
  const stated = (name: keyof typeof STATED_IN_FACTS) => sql.raw(STATED_IN_FACTS[name]);
  switch (criterion.kind) {
    case 'commit': {
      const start = criterion.commit.toLowerCase();
      return and(gte(stated('commit'), start), lt(stated('commit'), `${start}g`));
    }
    case 'repository': {
      // Case and form of addresses differ: candidates are all that end in its name, whatever stands before.
      const path = pathOf(repositoryOf(criterion.repository)).toLowerCase();
      return sql`instr(lower(${stated('repository')}), ${path}) > 0`;
    }
    case 'workflow': {
      const file = criterion.workflow.split('@', 1)[0] ?? '';
      return sql`instr(${stated('builder')}, ${pathOf(file)}) > 0 OR instr(${pathOf(file)}, ${stated('entryPoint')}) > 0`;
    }
    case 'builder':
      return sql`${stated('builder')} = ${criterion.builder}`;
  }
}

interface BuiltBy {
  readonly artifactId: number;
  readonly rank: number;
  readonly proofs: readonly string[];
  readonly why: string;
}

function directOf({ sqlite }: Graph, { artifactId, rank, proofs, why }: BuiltBy): Direct {
  const steps = () => [
    { artifactId, linkId: null, state: null, proofs, because: `${labelOf(sqlite, artifactId)}: ${why}.` },
  ];
  return { artifactId, rank, length: 1, steps };
}

function shown(value: string): string {
  return elideMiddle(showText(value), 200);
}

function inChunks(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / 500) }, (_, i) => ids.slice(i * 500, i * 500 + 500));
}
