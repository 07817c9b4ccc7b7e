import { eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { attestations } from '#db/schema/artifact.ts';
import { bundles } from '#db/schema/bundle.ts';
import { noFacts } from '#lib/attestation/facts.ts';
import { reindexEvent } from '#lib/services/event/search-terms.ts';
import { MINT_TIME, mintCertificate, mintEvent, mintHex } from '#test/factories.ts';

export interface BenchPipelines {
  readonly repository: string;
  readonly workflow: string;
  readonly commit: string;
  readonly builder: string;
}

const REPOSITORIES = 10;
/** One model in so many is signed by a pipeline with a certificate that says which, and is in a log. */
const CERTIFIED = 5;

/**
 * Every second model is attested by a pipeline: ten repositories of one builder, each commit building one model. Of one in five, the
 * certificate and a log entry say the same.
 */
export function addPipelines(database: OpenDatabase, ids: readonly number[]): BenchPipelines {
  const { db, sqlite } = database;
  const builder = 'https://builds.models.example/trainer/v3';
  const repositoryOf = (id: number) => `https://git.models.example/team/trainer-${Math.floor(id / 2) % REPOSITORIES}`;
  const workflowOf = (id: number) => `${repositoryOf(id)}/.github/workflows/train.yml@refs/heads/main`;
  const commitOf = (id: number) => mintHex(`bench commit ${id}`).slice(0, 40);
  sqlite.transaction(() => {
    for (const id of ids) {
      const at = 'bench';
      if (id % 2 === 0) {
        const facts = {
          ...noFacts('slsa-provenance', 'v1'),
          builder: { value: builder, at },
          repository: { value: repositoryOf(id), at },
          commit: { value: commitOf(id), at },
          entryPoint: { value: '.github/workflows/train.yml', at },
        };
        db.insert(attestations)
          .values({ bundleId: `bdl_${id}`, kind: facts.kind, facts: JSON.stringify(facts) })
          .run();
      }
      if (id % CERTIFIED !== 0) continue;
      const certificate = mintCertificate({
        san: workflowOf(id),
        sanType: 'uri',
        oidc: 'https://token.models.example',
      });
      const extension = (oid: string, name: string, value: string) => ({ oid, name, value, raw: '' });
      const extensions = [
        extension('1.3.6.1.4.1.57264.1.9', 'build-signer-uri', workflowOf(id)),
        extension('1.3.6.1.4.1.57264.1.12', 'source-repository-uri', repositoryOf(id)),
        extension('1.3.6.1.4.1.57264.1.13', 'source-repository-digest', commitOf(id)),
      ];
      const event = mintEvent(database, null, {
        id: `evt_${id}`,
        san: workflowOf(id),
        sanType: 'uri',
        issuer: 'https://token.models.example',
        signedAt: MINT_TIME + id,
        certificate: JSON.stringify({ ...certificate, extensions: [...certificate.extensions, ...extensions] }),
      });
      // As a tail does it: what the certificate says is found by a search.
      reindexEvent(sqlite, event.id);
      db.update(bundles)
        .set({ eventId: event.id })
        .where(eq(bundles.id, `bdl_${id}`))
        .run();
    }
  })();
  const [first] = ids.filter((id) => Math.floor(id / 2) % REPOSITORIES === 0 && id % (2 * CERTIFIED) === 0);
  const example = first ?? 20;
  return {
    repository: repositoryOf(example),
    workflow: workflowOf(example),
    commit: commitOf(example),
    builder,
  };
}
