import type { OpenDatabase } from '#db/client.ts';
import type { Scope } from '#lib/provenance/scope.ts';
import { type AffectedArtifact, findAffected } from './find-affected.ts';
import { graphChangeCount } from './graph-changes.ts';

/** What a scope reaches, and over how many changes of the graph that was found. */
export interface WorkedOut {
  readonly affected: readonly AffectedArtifact[];
  readonly over: number;
}

/**
 * Works a scope out, to be stored in the transaction that is under way: between the two nobody else may change the graph, and
 * paths are read only as they are stored.
 */
export function workOut(database: OpenDatabase, scope: Scope): WorkedOut {
  return { affected: findAffected(database, scope).affected, over: graphChangeCount(database.db) };
}
