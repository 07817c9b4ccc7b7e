import { and, eq, inArray, lt } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { incidents } from '#db/schema/incident.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { TIER } from '#lib/provenance/incident-words.ts';
import type { Scope, Tier } from '#lib/provenance/scope.ts';
import { raiseAlert } from '#lib/services/alert/raise.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { alertRefusedDeployments } from '#lib/services/deployment/alert-refused.ts';
import type { IncidentRow } from './change.ts';
import { graphChangeCount } from './graph-changes.ts';
import { nameArtifacts } from './name-artifacts.ts';
import type { Moved } from './plan-evaluation.ts';
import { recordEvaluation } from './record-evaluation.ts';
import { workOut } from './work-out.ts';

/** Alerts of one evaluation that name an artifact each; more than these come as one. */
const NAMED = 20;
/** Artifacts that an entry of the audit trail names. */
const LISTED = 200;

const NOTHING: Moved = { joined: [], left: [], regraded: [] };

/** Incidents that new events can join, and that were worked out before the graph last changed; the oldest first. */
export function listToEvaluate({ database: { db } }: ServiceContext): string[] {
  return db
    .select({ id: incidents.id })
    .from(incidents)
    .where(
      and(
        inArray(incidents.state, ['open', 'under-review', 'contained']),
        lt(incidents.evaluatedOver, graphChangeCount(db)),
      ),
    )
    .orderBy(incidents.evaluatedAt)
    .all()
    .map(({ id }) => id);
}

/**
 * Works the scope of an incident out again. What is new joins, with an alert each; what is reached no more leaves; decisions
 * stay. A closed incident stays as it is.
 */
export function evaluateIncident(ctx: ServiceContext, id: string): Moved {
  const known = ctx.database.db.select().from(incidents).where(eq(incidents.id, id)).get();
  if (!known || known.state === 'closed') return NOTHING;
  return workOut(ctx.database, {
    id,
    // Written by `openIncident` and `editScope` alone.
    scope: ({ scope } = known) => JSON.parse(scope) as Scope,
    write: (tx, { over, ...evaluation }, incident = known): Moved => {
      if (incident.state === 'closed') return NOTHING;
      const { joined, left, regraded, tiers } = evaluation;
      const at = ctx.now();
      recordEvaluation(tx, id, { ...evaluation, at, isJoin: true });
      tx.update(incidents).set({ evaluatedAt: at, evaluatedOver: over }).where(eq(incidents.id, id)).run();
      alertRefusedDeployments(tx, [...joined, ...left, ...regraded], at);
      tellJoined(tx, incident, joined, { tiers, at });
      writeDown(tx, id, 'incident.left', left, at);
      return { joined, left, regraded };
    },
  });
}

function tellJoined(
  tx: Writer,
  incident: IncidentRow,
  joined: readonly number[],
  { tiers, at }: { readonly tiers: ReadonlyMap<number, Tier>; readonly at: number },
): void {
  if (joined.length === 0) return;
  writeDown(tx, incident.id, 'incident.joined', joined, at);
  const { id, number, severity, title } = incident;
  const common = { kind: 'incident-joined', severity, href: `/incidents/${id}`, now: at } as const;
  if (joined.length > NAMED) {
    const count = formatPlural(joined.length, 'new artifact');
    raiseAlert(tx, {
      ...common,
      subject: `${id} ${at}`,
      title: `${count} joined incident #${number}`,
      statement: `What was read since falls into the scope of incident #${number} (${title}): ${count}. Look at the list and decide.`,
      evidence: { Artifacts: String(joined.length) },
    });
    return;
  }
  const names = nameArtifacts(tx, joined);
  for (const artifactId of joined) {
    const tier = tiers.get(artifactId);
    const name = names.get(artifactId) ?? `artifact ${artifactId}`;
    raiseAlert(tx, {
      ...common,
      subject: `${id} ${artifactId}`,
      title: `${name} joined incident #${number}`,
      statement: `What was read since puts ${name} into the scope of incident #${number} (${title}). The incident's page shows the path and the proofs; decide whether it is affected.`,
      evidence: { Tier: tier === undefined ? '' : TIER[tier].word },
    });
  }
}

function writeDown(tx: Writer, chain: string, action: string, ids: readonly number[], at: number): void {
  if (ids.length === 0) return;
  const names = nameArtifacts(tx, ids.slice(0, LISTED));
  const listed = [...names].map(([artifactId, name]) => ({ artifactId, name }));
  appendAudit(tx, { chain, actor: { kind: 'jobs' }, action, detail: { count: ids.length, artifacts: listed }, at });
}
