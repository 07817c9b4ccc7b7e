import { eq } from 'drizzle-orm';
import type { OpenDatabase, Writer } from '#db/client.ts';
import { incidents } from '#db/schema/incident.ts';
import type { Scope } from '#lib/provenance/scope.ts';
import type { IncidentRow } from './change.ts';
import { findAffected } from './find-affected.ts';
import { graphChangeCount } from './graph-changes.ts';
import { type Evaluation, planEvaluation } from './plan-evaluation.ts';

/** So often it is tried again where others write meanwhile, before they are made to wait. */
const TRIES = 3;

/** What a scope reaches as of one moment, and over how many changes of the graph that was found. */
export interface WorkedOut extends Evaluation {
  readonly over: number;
}

export interface WorkOutTask<T> {
  /** The incident whose scope it is; an id that nobody has yet for a new one. */
  readonly id: string;
  /** The scope, by the incident as it is stored; undefined where it is not yet. */
  readonly scope: (incident: IncidentRow | undefined) => Scope;
  /** Stores it. The incident is as it was when the scope was worked out, and still is. */
  readonly write: (tx: Writer, workedOut: WorkedOut, incident: IncidentRow | undefined) => T;
}

/**
 * Works a scope out and stores what comes of it. The working out reads one moment of the database, and nobody waits for it;
 * the storing is a short immediate transaction. It is done only where neither the graph nor the incident changed since that
 * moment, else all of it again. Where others write each time, they wait at last.
 *
 * @returns what `write` does.
 */
export function workOut<T>(database: OpenDatabase, { id, scope, write }: WorkOutTask<T>): T {
  const { db } = database;
  const prepare = () => {
    const incident = readIncident(database, id);
    const { affected } = findAffected(database, scope(incident));
    const over = graphChangeCount(db);
    const workedOut = { ...planEvaluation(db, id, affected), over };
    return { workedOut, incident, stamp: stampOf(over, incident) };
  };
  for (let tries = 0; tries < TRIES; tries++) {
    const prepared = db.transaction(prepare);
    const done = db.transaction(
      (tx) => {
        const isAsBefore = stampOf(graphChangeCount(db), readIncident(database, id)) === prepared.stamp;
        return isAsBefore ? { result: write(tx, prepared.workedOut, prepared.incident) } : null;
      },
      { behavior: 'immediate' },
    );
    if (done) return done.result;
  }
  return db.transaction(
    (tx) => {
      const { workedOut, incident } = prepare();
      return write(tx, workedOut, incident);
    },
    { behavior: 'immediate' },
  );
}

function readIncident({ db }: OpenDatabase, id: string): IncidentRow | undefined {
  return db.select().from(incidents).where(eq(incidents.id, id)).get();
}

/** All that the working out goes by: whatever changes what a scope reaches counts a change of the graph. */
function stampOf(over: number, incident: IncidentRow | undefined): string {
  return JSON.stringify([over, incident ?? null]);
}
