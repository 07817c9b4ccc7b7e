import { and, asc, desc, eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { auditEntries } from '#db/schema/audit.ts';
import { events } from '#db/schema/event.ts';
import { incidentEvents, incidents } from '#db/schema/incident.ts';
import { users } from '#db/schema/user.ts';
import type { Scope } from '#lib/provenance/scope.ts';
import type { IncidentRow } from './change.ts';
import { countArtifacts, type IncidentCounts, NO_COUNTS } from './count-artifacts.ts';

export interface IncidentDetail extends Omit<IncidentRow, 'scope' | 'evaluatedOver'> {
  readonly scope: Scope;
  readonly owner: string | null;
  readonly counts: IncidentCounts;
  /** What came of it, as said when it was last closed; null while it is open. */
  readonly resolution: string | null;
  readonly events: readonly LinkedEvent[];
}

export interface LinkedEvent {
  readonly id: string;
  readonly note: string;
  readonly addedAt: number;
  readonly san: string | null;
  readonly issuer: string | null;
  readonly signedAt: number | null;
}

/** An incident by its id, or by its number (`7`, `#7`); null where there is none. */
export async function getIncident({ db }: OpenDatabase, name: string): Promise<IncidentDetail | null> {
  const number = /^#?(\d{1,9})$/.exec(name)?.[1];
  const row = db
    .select({ incident: incidents, owner: users.name })
    .from(incidents)
    .leftJoin(users, eq(users.id, incidents.ownerId))
    .where(number === undefined ? eq(incidents.id, name) : eq(incidents.number, Number(number)))
    .get();
  if (!row) return null;
  const { scope, evaluatedOver: _, ...incident } = row.incident;
  const linked = db
    .select({
      id: incidentEvents.eventId,
      note: incidentEvents.note,
      addedAt: incidentEvents.addedAt,
      san: events.san,
      issuer: events.issuer,
      signedAt: events.signedAt,
    })
    .from(incidentEvents)
    .innerJoin(events, eq(events.id, incidentEvents.eventId))
    .where(eq(incidentEvents.incidentId, incident.id))
    .orderBy(asc(incidentEvents.addedAt), asc(incidentEvents.eventId))
    .all();
  const [counts] = countArtifacts(db, [incident.id]).values();
  return {
    ...incident,
    // Written by `openIncident` and `editScope` alone.
    scope: JSON.parse(scope) as Scope,
    owner: row.owner,
    counts: counts ?? NO_COUNTS,
    resolution: incident.state === 'closed' ? readResolution(db, incident.id) : null,
    events: linked,
  };
}

function readResolution(db: OpenDatabase['db'], chain: string): string | null {
  const closing = db
    .select({ detail: auditEntries.detail })
    .from(auditEntries)
    .where(and(eq(auditEntries.chain, chain), eq(auditEntries.action, 'incident.closed')))
    .orderBy(desc(auditEntries.seq))
    .limit(1)
    .get();
  if (!closing) return null;
  const { resolution } = JSON.parse(closing.detail) as { readonly resolution?: unknown };
  return typeof resolution === 'string' ? resolution : null;
}
