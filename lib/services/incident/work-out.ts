import type { OpenDatabase } from '#db/client.ts';
import type { Affected, Scope } from '#lib/provenance/scope.ts';
import { findAffected } from './find-affected.ts';
import { graphChangeCount } from './graph-changes.ts';

/** What a scope reaches, and over how many changes of the graph that was found. */
export interface WorkedOut {
  readonly affected: readonly Affected[];
  readonly over: number;
}

/** Works a scope out. Counted first: a change that comes meanwhile has it worked out again. */
export async function workOut(database: OpenDatabase, scope: Scope): Promise<WorkedOut> {
  const over = graphChangeCount(database.db);
  return { affected: await findAffected(database, scope), over };
}
