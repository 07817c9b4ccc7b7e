import { desc, ne } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { incidents } from '#db/schema/incident.ts';
import type { IncidentRow } from './change.ts';

export type IncidentUnderWay = Pick<
  IncidentRow,
  'id' | 'number' | 'title' | 'state' | 'severity' | 'ownerId' | 'openedAt'
>;

/** Incidents that are not closed, the newest first, without counting what they reach: every page asks for them. */
export async function listUnderWay({ db }: OpenDatabase, limit: number): Promise<readonly IncidentUnderWay[]> {
  const { id, number, title, state, severity, ownerId, openedAt } = incidents;
  return db
    .select({ id, number, title, state, severity, ownerId, openedAt })
    .from(incidents)
    .where(ne(incidents.state, 'closed'))
    .orderBy(desc(incidents.number))
    .limit(limit)
    .all();
}
