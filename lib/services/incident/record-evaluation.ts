import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { incidentArtifacts } from '#db/schema/incident.ts';
import type { Evaluation } from './plan-evaluation.ts';

/** Rows in one statement: SQLite takes 32,766 parameters. */
const ROWS = 1000;

/**
 * Stores what an incident's scope reaches. Decisions stay, and so does when something first came in; what is as before is not
 * written.
 *
 * @param input.isJoin whether what is new came by itself, rather than by somebody's edit.
 */
export function recordEvaluation(
  tx: Writer,
  incidentId: string,
  { written, left, at, isJoin }: Evaluation & { readonly at: number; readonly isJoin: boolean },
): void {
  const rows = written.map((found) => ({ incidentId, ...found, addedAt: at, leftAt: null, joined: isJoin }));
  for (let from = 0; from < rows.length; from += ROWS) {
    tx.insert(incidentArtifacts)
      .values(rows.slice(from, from + ROWS))
      .onConflictDoUpdate({
        target: [incidentArtifacts.incidentId, incidentArtifacts.artifactId],
        set: { tier: sql`excluded.tier`, path: sql`excluded.path`, leftAt: null },
      })
      .run();
  }
  for (let from = 0; from < left.length; from += ROWS) {
    tx.update(incidentArtifacts)
      .set({ leftAt: at })
      .where(
        and(
          eq(incidentArtifacts.incidentId, incidentId),
          inArray(incidentArtifacts.artifactId, left.slice(from, from + ROWS)),
        ),
      )
      .run();
  }
}
