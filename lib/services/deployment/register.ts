import { and, eq, isNull } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { deployments } from '#db/schema/deployment.ts';
import { randomId } from '#lib/ids.ts';
import { type Actor, nameOfActor } from '#lib/services/access/actor.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { settle } from '#lib/services/settle.ts';
import type { Standards } from '#lib/services/standards.ts';
import { resolveRefusedDeployment } from './alert-refused.ts';
import { type DeploymentInput, deploymentSchema } from './deployment-input.ts';
import { identifyDeployed } from './identify.ts';
import { type Deployment, describeDeployments } from './read.ts';

export interface RegisteredDeployment {
  /** `confirmed`: the same was running there already. */
  readonly outcome: 'started' | 'confirmed';
  /** The deployment that ended because this one took its place; null where nothing ran there. */
  readonly replaced: string | null;
  readonly deployment: Deployment;
}

/**
 * Registers what runs at a service of an environment. The same again confirms it; something else ends what ran there before.
 * What is refused is registered too, since it runs, and raises an alert.
 *
 * @throws {z.ZodError | DeploymentError}
 */
export function registerDeployment(
  ctx: ServiceContext,
  input: DeploymentInput,
  actor: Actor,
  { policies }: Pick<Standards, 'policies'>,
): RegisteredDeployment {
  const wanted = deploymentSchema.parse(input);
  const now = ctx.now();
  return ctx.database.db.transaction(
    (tx) => {
      const artifactId = identifyDeployed(tx, wanted, now);
      const { environment, service } = wanted;
      const running = tx
        .select()
        .from(deployments)
        .where(
          and(isNull(deployments.endedAt), eq(deployments.environment, environment), eq(deployments.service, service)),
        )
        .all();
      const same = running.find((row) => row.artifactId === artifactId);
      const others = running.filter((row) => row !== same);
      for (const { id } of others) endRow(tx, id, actor, now);
      const id = same ? confirm(tx, same.id, now) : start(tx, wanted, { artifactId, actor, now });
      // Raises the alert too, where it should not run.
      settle(tx, { policies, artifactIds: [artifactId], cause: `deployment ${id}`, now });
      return {
        outcome: same ? 'confirmed' : 'started',
        replaced: others[0]?.id ?? null,
        deployment: readOne(tx, id),
      };
    },
    { behavior: 'immediate' },
  );
}

function confirm(tx: Writer, id: string, now: number): string {
  tx.update(deployments).set({ confirmedAt: now }).where(eq(deployments.id, id)).run();
  return id;
}

function start(
  tx: Writer,
  wanted: DeploymentInput,
  { artifactId, actor, now }: { artifactId: number; actor: Actor; now: number },
): string {
  const id = randomId('deployment');
  const { environment, service } = wanted;
  const given = describeGiven(wanted);
  const source = nameOfActor(actor);
  tx.insert(deployments)
    .values({ id, environment, service, artifactId, given, source, startedAt: now, confirmedAt: now })
    .run();
  const detail = { environment, service, given, artifactId };
  appendAudit(tx, { chain: 'deployments', actor, action: 'deployment.started', target: id, detail, at: now });
  return id;
}

/** Ends a deployment that is under way. In the transaction of what ends it. */
export function endRow(tx: Writer, id: string, actor: Actor, now: number): void {
  tx.update(deployments).set({ endedAt: now }).where(eq(deployments.id, id)).run();
  resolveRefusedDeployment(tx, id, now);
  appendAudit(tx, { chain: 'deployments', actor, action: 'deployment.ended', target: id, at: now });
}

export function readOne(tx: Writer, id: string): Deployment {
  const row = tx.select().from(deployments).where(eq(deployments.id, id)).get();
  const [deployment] = row ? describeDeployments(tx, [row]) : [];
  if (!deployment) throw new Error(`${id} is gone`);
  return deployment;
}

function describeGiven({ digest, versionId, model, version }: DeploymentInput): string {
  if (digest !== undefined) return digest;
  if (versionId !== undefined) return versionId;
  return model === undefined ? 'a list of files' : `model ${model} version ${version}`;
}
