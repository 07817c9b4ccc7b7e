import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import { deployments } from '#db/schema/deployment.ts';
import { formatUtc } from '#lib/provenance/format.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import { alertId, raiseAlert } from '#lib/services/alert/raise.ts';
import { settleAlerts } from '#lib/services/alert/settle.ts';
import { judgeRunning } from './judge.ts';

const BATCH = 500;

/**
 * Raises an alert for each deployment under way of these artifacts that should not run now: because it was registered so,
 * or because an incident or a lost signature made it so. Where nothing speaks against one any more, its alert is resolved.
 *
 * @param now milliseconds since the epoch.
 */
export function alertRefusedDeployments(tx: Writer, artifactIds: readonly number[], now: number): void {
  const ids = [...new Set(artifactIds)];
  for (let from = 0; from < ids.length; from += BATCH) alertBatch(tx, ids.slice(from, from + BATCH), now);
}

function alertBatch(tx: Writer, artifactIds: readonly number[], now: number): void {
  const running = tx
    .select({ deployment: deployments, name: artifacts.name })
    .from(deployments)
    .innerJoin(artifacts, eq(artifacts.id, deployments.artifactId))
    .where(and(inArray(deployments.artifactId, [...artifactIds]), isNull(deployments.endedAt)))
    .all();
  const verdicts = judgeRunning(tx, [...new Set(running.map(({ deployment }) => deployment.artifactId))]);
  for (const { deployment, name } of running) {
    const refusals = verdicts.get(deployment.artifactId)?.refusals ?? [];
    const { id, environment, service, startedAt, source } = deployment;
    if (refusals.length === 0) {
      resolveRefusedDeployment(tx, id, now);
      continue;
    }
    const what = name === null ? 'a model without a name' : elideMiddle(showText(name), 120);
    const where = `${elideMiddle(showText(service), 120)} in ${elideMiddle(showText(environment), 120)}`;
    raiseAlert(tx, {
      kind: 'refused-deployment',
      severity: 'critical',
      subject: id,
      title: `${where} runs ${what}, which is refused`,
      statement: `${refusals.join(' ')} It is registered as running in ${where} since ${formatUtc(startedAt)}, by ${showText(source)}. Stop it or replace it, and register what runs instead; or end the registration where it does not run.`,
      evidence: { deployment: id, environment, service, artifact: String(deployment.artifactId) },
      href: '/deployments',
      now,
    });
  }
}

/** Takes the alert of a deployment back: it runs no more, or may. */
export function resolveRefusedDeployment(tx: Writer, deploymentId: string, now: number): void {
  settleAlerts(tx, [alertId('refused-deployment', deploymentId)], now);
}
