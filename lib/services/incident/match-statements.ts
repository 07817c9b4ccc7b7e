import { and, type SQL, sql } from 'drizzle-orm';
import { pluck } from '#db/pluck.ts';
import { attestations, type STATED_IN_FACTS } from '#db/schema/artifact.ts';
import { type BuildCriterion, pathOf, statedBy } from '#lib/provenance/build-match.ts';
import type { PathStep } from '#lib/provenance/scope.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import { artifactsOfBundles } from '#lib/services/graph/artifacts-of-bundle.ts';
import { attestationOf, HAS_SAY, readAttested, stated } from './attested.ts';
import type { Graph } from './graph.ts';
import { labelOf } from './link-step.ts';
import { DECLARED, type Direct, PROVEN, UNREACHED } from './reached.ts';

type Stated = keyof typeof STATED_IN_FACTS;

/** What an attestation must state to meet a criterion, word for word, and how to name it. */
interface Meeting {
  readonly value: string;
  readonly isMet: SQL;
}

/**
 * Artifacts of which verified attestations state that they were built so: as proof where their signer has a say on where the
 * artifact comes from.
 */
export function matchStatements(graph: Graph, criterion: BuildCriterion): Direct[] {
  return meetingsOf(graph, criterion).flatMap((meeting) => {
    const { children, unlinked } = readAttested(graph, meeting.isMet);
    const ranks = new Uint8Array(graph.size).fill(UNREACHED);
    const met: number[] = [];
    const put = (artifactId: number, rank: number) => {
      const known = ranks[artifactId] ?? UNREACHED;
      if (known === UNREACHED) met.push(artifactId);
      if (rank < known) ranks[artifactId] = rank;
    };
    for (const child of children) put(Math.abs(child), child > 0 ? PROVEN : DECLARED);
    // Who states no input was not asked whether they have a say.
    const subjects = new Map<number, string>();
    for (const [bundleId, artifactIds] of artifactsOfBundles(graph.db, unlinked)) {
      for (const artifactId of artifactIds) {
        subjects.set(artifactId, bundleId);
        put(artifactId, DECLARED);
      }
    }
    return met.map((id) => new Attested(graph, meeting, id, ranks[id] ?? DECLARED, subjects.get(id)));
  });
}

class Attested implements Direct {
  readonly artifactId: number;
  readonly rank: number;
  readonly length = 1;
  private readonly graph: Graph;
  private readonly meeting: Meeting;
  /** The attestation, where it states no input of the artifact. */
  private readonly bundleId: string | undefined;

  constructor(graph: Graph, meeting: Meeting, artifactId: number, rank: number, bundleId: string | undefined) {
    this.graph = graph;
    this.meeting = meeting;
    this.artifactId = artifactId;
    this.rank = rank;
    this.bundleId = bundleId;
  }

  steps(): readonly PathStep[] {
    const { artifactId, meeting, graph } = this;
    const isMet = this.rank === PROVEN ? and(meeting.isMet, HAS_SAY) : meeting.isMet;
    const proof = attestationOf(graph, isMet, artifactId) ?? this.bundleId;
    const because = `${labelOf(graph.sqlite, artifactId)}: an attestation of it names ${shown(meeting.value)}.`;
    return [{ artifactId, linkId: null, state: null, proofs: proof === undefined ? [] : [proof], because }];
  }
}

/** All values that attestations state and that meet the criterion: a form of an address that differs is another value. */
function meetingsOf(graph: Graph, criterion: BuildCriterion): Meeting[] {
  const among = (name: Stated, isCandidate?: SQL) =>
    pluck<string>(
      graph.sqlite,
      sql`SELECT DISTINCT ${stated(name)} FROM ${attestations} WHERE ${isCandidate ?? sql`${stated(name)} IS NOT NULL`}`,
    );
  const by = (name: Stated, value: string): Meeting[] =>
    meets(criterion, { [name]: value }) ? [{ value, isMet: sql`${stated(name)} = ${value}` }] : [];
  switch (criterion.kind) {
    case 'commit': {
      const start = criterion.commit.toLowerCase();
      const starts = sql`${stated('commit')} >= ${start} AND ${stated('commit')} < ${`${start}g`}`;
      return among('commit', starts).flatMap((commit) => by('commit', commit));
    }
    case 'repository':
      return among('repository').flatMap((repository) => by('repository', repository));
    case 'builder':
      return by('builder', criterion.builder);
    case 'workflow': {
      const file = pathOf(criterion.workflow);
      const entryPoints = among('entryPoint').filter((entryPoint) => file.includes(entryPoint));
      const repositories = entryPoints.length === 0 ? [] : among('repository');
      return [
        ...among('builder').flatMap((builder) => by('builder', builder)),
        ...entryPoints.flatMap((entryPoint) =>
          repositories
            .filter((repository) => meets(criterion, { repository, entryPoint }))
            .map((repository) => ({
              value: repository,
              isMet: sql`${stated('repository')} = ${repository} AND ${stated('entryPoint')} = ${entryPoint}`,
            })),
        ),
      ];
    }
  }
}

function meets(criterion: BuildCriterion, build: Partial<Record<Stated, string>>): boolean {
  const fact = (value: string | undefined) => (value === undefined ? null : { value, at: '' });
  const { builder, repository, commit, entryPoint } = build;
  const facts = { builder: fact(builder), repository: fact(repository), commit: fact(commit) };
  return statedBy(criterion, { ...facts, entryPoint: fact(entryPoint) }) !== null;
}

function shown(value: string): string {
  return elideMiddle(showText(value), 200);
}
