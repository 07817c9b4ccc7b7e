import { sql } from 'drizzle-orm';
import { repositoryOf } from '#lib/attestation/source-code.ts';
import type { BuildCriterion } from '#lib/provenance/build-match.ts';
import { aliasesFrom } from './find-seeds.ts';
import type { Graph } from './graph.ts';
import { matchCertificates } from './match-certificates.ts';
import { childrenOf } from './match-inputs.ts';
import { matchStatements } from './match-statements.ts';
import { type Direct, PROVEN } from './reached.ts';

/**
 * Artifacts that were built by a commit, repository, workflow or builder: because the certificate of who signed them says
 * so, because a verified attestation does, or because their code is that commit.
 */
export function matchBuilds(graph: Graph, criterion: BuildCriterion): Direct[] {
  const seeds = codeSeeds(graph, criterion).map((artifactId) => ({ artifactId, rank: PROVEN, only: null }));
  return [...matchCertificates(graph, criterion), ...matchStatements(graph, criterion), ...childrenOf(graph, seeds)];
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
