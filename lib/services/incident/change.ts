import { and, asc, eq, gt } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { auditEntries } from '#db/schema/audit.ts';
import { incidents } from '#db/schema/incident.ts';
import { describeAction } from '#lib/provenance/incident-words.ts';
import type { Actor } from '#lib/services/access/actor.ts';
import { nameOfActor } from '#lib/services/access/actor.ts';
import { appendAudit } from '#lib/services/audit/append.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { IncidentError } from './incident-error.ts';

export type IncidentRow = typeof incidents.$inferSelect;

/** Which incident somebody changes, and which state of it they looked at. */
export interface IncidentChange {
  readonly id: string;
  readonly actor: Actor;
  /** `updatedAt` of the incident as it was looked at; undefined to change it whatever it is now. */
  readonly seen?: number | undefined;
}

/** What a change comes to. */
export interface Changed {
  /** What was done, past tense: `incident.noted`. */
  readonly action: string;
  readonly target?: string;
  readonly detail: Readonly<Record<string, unknown>>;
  /** Columns of the incident itself that are other now. */
  readonly set?: Partial<Omit<IncidentRow, 'id' | 'number' | 'updatedAt'>>;
}

/** Changes told of to somebody whose view is out of date. */
const TOLD = 5;

/**
 * Changes an incident and writes down who did it, in one transaction.
 *
 * @param act null where nothing is other than before: then nothing is written down.
 * @returns the incident as it is now.
 * @throws {IncidentError} where there is none of this id, somebody else changed it since, or `act` refuses.
 */
export function changeIncident(
  { database: { db }, now }: ServiceContext,
  { id, actor, seen }: IncidentChange,
  act: (tx: Writer, incident: IncidentRow, at: number) => Changed | null,
): IncidentRow {
  return db.transaction(
    (tx) => {
      const incident = tx.select().from(incidents).where(eq(incidents.id, id)).get();
      if (!incident) throw new IncidentError('unknown', `There is no incident ${id}.`);
      if (seen !== undefined && seen !== incident.updatedAt) throw staleError(tx, incident, seen);
      // Each change has a time of its own, also where the clock stands still: forms tell states apart by it.
      const at = Math.max(now(), incident.updatedAt + 1);
      const changed = act(tx, incident, at);
      if (changed === null) return incident;
      const { set = {}, ...told } = changed;
      appendAudit(tx, { chain: id, actor, at, ...told });
      return tx
        .update(incidents)
        .set({ ...set, updatedAt: at })
        .where(eq(incidents.id, id))
        .returning()
        .get();
    },
    { behavior: 'immediate' },
  );
}

/** Says what was changed since, so that nobody has to look for it. */
function staleError(tx: Writer, { id, number }: IncidentRow, seen: number): IncidentError {
  const since = tx
    .select({ actor: auditEntries.actor, action: auditEntries.action })
    .from(auditEntries)
    .where(and(eq(auditEntries.chain, id), gt(auditEntries.at, seen)))
    .orderBy(asc(auditEntries.seq))
    .all();
  const told = since
    .slice(0, TOLD)
    // Written by `appendAudit` alone.
    .map(({ actor, action }) => `${nameOfActor(JSON.parse(actor) as Actor)} ${describeAction(action)}`);
  const more = since.length > TOLD ? ` and ${since.length - TOLD} more changes` : '';
  const what = told.length === 0 ? 'it is not the state that was looked at' : `${told.join(', ')}${more}`;
  return new IncidentError(
    'stale',
    `Incident #${number} was changed since you looked at it: ${what}. Look at it again, then decide.`,
    'updatedAt',
  );
}
