import { isNotNull, isNull } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { deployments } from '#db/schema/deployment.ts';
import { versions } from '#db/schema/model.ts';
import type { Config } from '#lib/config/schema.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { alertRefusedDeployments } from '#lib/services/deployment/alert-refused.ts';
import { settleFindings } from '#lib/services/finding/settle-findings.ts';
import { settleAll } from '#lib/services/graph/settle-graph.ts';
import { countGraphChange } from '#lib/services/incident/graph-changes.ts';
import { settleAllRetractions } from '#lib/services/incident/settle-retractions.ts';
import type { Standards } from '#lib/services/standards.ts';
import { lastConfigInForce } from './record-state.ts';

/**
 * Judges the whole graph anew where expectations of signers or watch rules are other than in the configuration that was
 * in force last: who counts as a signer follows from them. To be called before the new one is stored, so that it is done
 * again should it be interrupted.
 */
export function rejudgeGraph(ctx: ServiceContext, config: Config, { policies }: Standards): void {
  const last = lastConfigInForce(ctx);
  if (last !== null && expectationsOf(JSON.parse(last) as Partial<Config>) === expectationsOf(config)) return;
  const now = ctx.now();
  ctx.database.db.transaction(
    (tx) => {
      settleAll(tx, { policies, cause: 'configuration', now });
      const rows = tx
        .selectDistinct({ id: versions.artifactId })
        .from(versions)
        .where(isNotNull(versions.artifactId))
        .all();
      const artifactIds = rows.flatMap(({ id }) => (id === null ? [] : [id]));
      settleFindings(tx, { policies, artifactIds, now });
      settleAllRetractions(tx, { policies, now });
      alertRefusedDeployments(tx, runningArtifacts(tx), now);
      countGraphChange(tx);
    },
    { behavior: 'immediate' },
  );
}

/** Whatever runs: also what is no version of a model, and was judged by who may sign it all the same. */
function runningArtifacts(tx: Writer): number[] {
  return tx
    .selectDistinct({ id: deployments.artifactId })
    .from(deployments)
    .where(isNull(deployments.endedAt))
    .all()
    .map(({ id }) => id);
}

function expectationsOf({ models = [], watch = [] }: Partial<Config>): string {
  return JSON.stringify([models, watch]);
}
