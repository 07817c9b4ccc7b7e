import { max } from 'drizzle-orm';
import { z } from 'zod';
import { incidents, SEVERITIES } from '#db/schema/incident.ts';
import { randomId } from '#lib/ids.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { SEVERITY } from '#lib/provenance/incident-words.ts';
import type { Scope } from '#lib/provenance/scope.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import { raiseAlert } from '#lib/services/alert/raise.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { alertRefusedDeployments } from '#lib/services/deployment/alert-refused.ts';
import type { IncidentRow } from './change.ts';
import { readOwner } from './read-owner.ts';
import { recordEvaluation } from './record-evaluation.ts';
import { LONGEST, readLine } from './texts.ts';
import { workOut } from './work-out.ts';

const severitySchema = z.enum(SEVERITIES);

export interface NewIncident {
  readonly title: string;
  readonly severity: IncidentRow['severity'];
  /** As `parseScope` gave it. */
  readonly scope: Scope;
  /** Id of a user, or null. */
  readonly ownerId: string | null;
  readonly actor: Actor;
}

/**
 * Opens an incident: works its scope out, keeps what it reaches, and raises the alert. From now on what it reaches is refused.
 *
 * @throws {IncidentError} for a title that is none, or an owner that nobody is.
 */
export function openIncident(ctx: ServiceContext, input: NewIncident): IncidentRow {
  const title = readLine('title', input.title, LONGEST.title);
  const severity = severitySchema.parse(input.severity);
  const { database } = ctx;
  const at = ctx.now();
  const id = randomId('incident');
  return workOut(database, {
    id,
    scope: () => input.scope,
    write: (tx, { over, ...evaluation }) => {
      const { tiers } = evaluation;
      const owner = readOwner(tx, input.ownerId);
      const number =
        (tx
          .select({ last: max(incidents.number) })
          .from(incidents)
          .get()?.last ?? 0) + 1;
      const row = tx
        .insert(incidents)
        .values({
          id,
          number,
          title,
          state: 'open',
          severity,
          ownerId: owner?.id ?? null,
          scope: JSON.stringify(input.scope),
          openedAt: at,
          updatedAt: at,
          evaluatedAt: at,
          evaluatedOver: over,
        })
        .returning()
        .get();
      recordEvaluation(tx, id, { ...evaluation, at, isJoin: false });
      alertRefusedDeployments(tx, [...tiers.keys()], at);
      const detail = {
        number,
        title,
        severity,
        scope: input.scope,
        artifacts: tiers.size,
        owner: owner?.name ?? null,
      };
      appendAudit(tx, { chain: id, actor: input.actor, action: 'incident.opened', detail, at });
      const reached = formatPlural(tiers.size, 'artifact');
      raiseAlert(tx, {
        kind: 'incident-opened',
        severity,
        subject: id,
        title: `Incident #${number} opened: ${title}`,
        statement: `Somebody opened incident #${number}. Its scope reaches ${reached}, which are refused until they are cleared, save those that merely cannot be excluded. Look at the list and decide.`,
        evidence: { Severity: SEVERITY[severity].word, Artifacts: String(tiers.size) },
        href: `/incidents/${id}`,
        now: at,
      });
      return row;
    },
  });
}
