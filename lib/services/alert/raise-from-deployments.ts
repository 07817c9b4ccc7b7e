import { and, asc, eq, gt, isNull } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { alerts } from '#db/schema/alert.ts';
import { deployments } from '#db/schema/deployment.ts';
import { alertRefusedDeployments } from '#lib/services/deployment/alert-refused.ts';
import { judgeRunning } from '#lib/services/deployment/judge.ts';

const PAGE = 500;

/**
 * Judges what runs anew, and raises or settles the alerts of deployments that are refused now and were not, or the other way
 * round. What changes a verdict alerts in its own transaction, where it knows whom it changed; this finds the rest, such as two
 * artifacts that turned out to be one.
 *
 * @returns a step that judges a page of deployments, and gives whether there may be more.
 */
export function raiseFromDeployments(now: number): (tx: Writer) => boolean {
  let after = '';
  return (tx) => {
    const page = tx
      .select({ id: deployments.id, artifactId: deployments.artifactId, standing: alerts.standing })
      .from(deployments)
      .leftJoin(alerts, and(eq(alerts.kind, 'refused-deployment'), eq(alerts.subject, deployments.id)))
      .where(and(isNull(deployments.endedAt), gt(deployments.id, after)))
      .orderBy(asc(deployments.id))
      .limit(PAGE)
      .all();
    const verdicts = judgeRunning(tx, [...new Set(page.map(({ artifactId }) => artifactId))]);
    const changed = page.filter(({ artifactId, standing }) => {
      const isRefused = (verdicts.get(artifactId)?.refusals.length ?? 0) > 0;
      return isRefused !== (standing ?? false);
    });
    alertRefusedDeployments(
      tx,
      changed.map(({ artifactId }) => artifactId),
      now,
    );
    after = page.at(-1)?.id ?? after;
    return page.length === PAGE;
  };
}
