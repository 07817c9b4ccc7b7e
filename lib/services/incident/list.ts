import { and, count, desc, eq, isNull, lt, type SQL } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { incidents } from '#db/schema/incident.ts';
import { users } from '#db/schema/user.ts';
import type { IncidentRow } from './change.ts';
import { countArtifacts, type IncidentCounts, NO_COUNTS } from './count-artifacts.ts';

export interface IncidentFilter {
  readonly state?: IncidentRow['state'] | undefined;
  readonly severity?: IncidentRow['severity'] | undefined;
  /** A user's id, or `nobody`. */
  readonly owner?: string | undefined;
}

export interface ListedIncident
  extends Pick<
    IncidentRow,
    'id' | 'number' | 'title' | 'state' | 'severity' | 'openedAt' | 'updatedAt' | 'closedAt' | 'notice'
  > {
  readonly owner: string | null;
  readonly counts: IncidentCounts;
}

export interface IncidentPage {
  readonly incidents: readonly ListedIncident[];
  /** The number of the last one listed, where there are more. */
  readonly next: number | null;
}

/** Incidents with what they reach, the newest first. @param input.before a number: those opened before it. */
export async function listIncidents(
  { db }: OpenDatabase,
  input: { readonly filter: IncidentFilter; readonly before?: number | undefined; readonly limit: number },
): Promise<IncidentPage> {
  const { state, severity, owner } = input.filter;
  const rows = db
    .select({ incident: incidents, owner: users.name })
    .from(incidents)
    .leftJoin(users, eq(users.id, incidents.ownerId))
    .where(
      and(
        state && eq(incidents.state, state),
        severity && eq(incidents.severity, severity),
        ownedBy(owner),
        input.before === undefined ? undefined : lt(incidents.number, input.before),
      ),
    )
    .orderBy(desc(incidents.number))
    .limit(input.limit + 1)
    .all();
  const shown = rows.slice(0, input.limit);
  const counts = countArtifacts(
    db,
    shown.map(({ incident }) => incident.id),
  );
  return {
    incidents: shown.map(({ incident, owner: name }) => {
      const { id, number, title, state, severity, openedAt, updatedAt, closedAt, notice } = incident;
      const told = { id, number, title, state, severity, openedAt, updatedAt, closedAt, notice };
      return { ...told, owner: name, counts: counts.get(id) ?? NO_COUNTS };
    }),
    next: rows.length > input.limit ? (shown.at(-1)?.incident.number ?? null) : null,
  };
}

function ownedBy(owner: string | undefined): SQL | undefined {
  if (owner === undefined) return undefined;
  return owner === 'nobody' ? isNull(incidents.ownerId) : eq(incidents.ownerId, owner);
}

/** How many incidents there are in each state, for filters. */
export async function countIncidents({ db }: OpenDatabase): Promise<ReadonlyMap<IncidentRow['state'], number>> {
  const rows = db.select({ state: incidents.state, total: count() }).from(incidents).groupBy(incidents.state).all();
  return new Map(rows.map(({ state, total }) => [state, total]));
}
