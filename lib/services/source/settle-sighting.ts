import type { Writer } from '#db/client.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { settle } from '#lib/services/settle.ts';
import type { Standards } from '#lib/services/standards.ts';
import { type DeclaredFile, recordDeclaration } from './record-declaration.ts';

/** A model that was seen in a source, with the unsigned files beside it. */
export interface Sighting {
  /** Stores or finds the artifact. */
  readonly place: (tx: Writer, now: number) => number;
  readonly declared: readonly DeclaredFile[];
  /** What arrived, for the history of verdicts. */
  readonly cause: string;
}

/** Stores a sighting in one transaction, and settles the graph and the findings that it changes. @returns the artifact's id. */
export function settleSighting(
  ctx: ServiceContext,
  standards: Standards,
  { place, declared, cause }: Sighting,
): number {
  const now = ctx.now();
  return ctx.database.db.transaction(
    (tx) => {
      const artifactId = place(tx, now);
      const touched = declared.flatMap((file) => recordDeclaration(tx, artifactId, file, now));
      const artifactIds = [...new Set([artifactId, ...touched])];
      const { policies } = standards;
      settle(tx, { policies, artifactIds, cause, now });
      return artifactId;
    },
    { behavior: 'immediate' },
  );
}
