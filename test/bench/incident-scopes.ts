import type { OpenDatabase } from '#db/client.ts';
import { artifactAliases, artifacts, links } from '#db/schema/artifact.ts';
import type { Scope } from '#lib/provenance/scope.ts';
import { MINT_TIME, mintHex } from '#test/factories.ts';
import { type BuiltGraph, rootOf } from './graph-data.ts';
import { addPipelines } from './incident-pipelines.ts';

/** One signer in so many; half of all is signed by the first. */
const SIGNERS = 100;
/** The graph has a signing each second; this makes it ten minutes. */
const STRETCH = 600;

/** Puts signers, pipelines and data sets into the graph, and says which scopes reach a little, much and nearly all of it. */
export function prepareScopes(database: OpenDatabase, { ids }: BuiltGraph): Record<string, Scope> {
  const { sqlite } = database;
  // Half of all by one signer, the rest by a hundred others.
  sqlite.exec(`
    UPDATE bundles SET san = 'team-' || (CAST(substr(id, 5) AS INTEGER) % ${SIGNERS}) || '@models.example'
    WHERE CAST(substr(id, 5) AS INTEGER) % 2 = 1`);
  // One signing every ten minutes: two years for a hundred thousand.
  for (const table of ['bundles', 'artifacts']) {
    sqlite.exec(`UPDATE ${table} SET signed_at = ${MINT_TIME} + (signed_at - ${MINT_TIME}) * ${STRETCH}`);
  }
  const pipeline = addPipelines(database, ids);
  const last = ids.length;
  const wide = addDataset(
    database,
    'wide',
    ids.filter((id) => id % 100 === 7),
  );
  const recent = addDataset(
    database,
    'recent',
    ids.slice(-Math.ceil(last / 20)).filter((id) => id % 10 === 3),
  );
  const narrow = addDataset(database, 'narrow', ids.slice(-20, -10));
  sqlite.exec('ANALYZE');
  const from = MINT_TIME + last * 600 * STRETCH;
  const window: Scope = { is: { kind: 'window', from, to: from + last * 50 * STRETCH } };
  const identity: Scope = { is: { kind: 'identity', identity: 'team-33@models.example' } };
  const file: Scope = { is: { kind: 'file', digest: rootOf(Math.floor(last / 2)) } };
  return {
    'a data set of ten late models': narrow,
    'a data set of 1 in 200, all of them late': recent,
    'a data set of 1 in 100, and all that is made from those': wide,
    'a base model that nearly everything is made from': { is: { kind: 'base-model', alias: rootOf(1) } },
    'a signer of 1 in 100': identity,
    'the signer of half of all': {
      is: { kind: 'identity', identity: 'release-bot@models.example', issuer: 'https://accounts.models.example' },
    },
    'a window with 1 in 20': window,
    'the wide data set, within the window': { all: [wide, window] },
    'the signer, within the window': { all: [identity, window] },
    'one of: narrow data set, signer, window, file': { any: [narrow, identity, window, file] },
    'both data sets, or the signer within the window': { any: [{ all: [wide, recent] }, { all: [identity, window] }] },
    'a commit': { is: { kind: 'commit', commit: pipeline.commit } },
    'a repository of 1 in 20': { is: { kind: 'repository', repository: pipeline.repository } },
    'a workflow of 1 in 20': { is: { kind: 'workflow', workflow: pipeline.workflow } },
    'the builder of half of all': { is: { kind: 'builder', builder: pipeline.builder } },
    'the workflow or the builder, within the window': {
      all: [
        {
          any: [
            { is: { kind: 'workflow', workflow: pipeline.workflow } },
            { is: { kind: 'builder', builder: pipeline.builder } },
          ],
        },
        window,
      ],
    },
  };
}

function addDataset({ db }: OpenDatabase, name: string, users: readonly number[]): Scope {
  const digest = mintHex(`bench data set ${name}`);
  const { id } = db
    .insert(artifacts)
    .values({ kind: 'dataset', name, verdictSince: MINT_TIME, firstSeenAt: MINT_TIME })
    .returning()
    .get();
  db.insert(artifactAliases)
    .values({ scheme: 'sha256', value: digest, kind: 'stated', artifactId: id, firstSeenAt: MINT_TIME })
    .run();
  const digests = JSON.stringify([{ algorithm: 'sha256', digest }]);
  db.transaction((tx) => {
    for (const childId of users) {
      tx.insert(links)
        .values({
          childId,
          parentId: id,
          role: 'dataset',
          bundleId: `bdl_${childId}`,
          basis: 'attester',
          position: 100 + id,
          name,
          digests,
          at: 'bench',
          state: 'parent-unknown',
          reason: 'Its digest is given.',
          firstSeenAt: MINT_TIME,
        })
        .run();
    }
  });
  return { is: { kind: 'dataset', alias: `sha256:${digest}` } };
}
