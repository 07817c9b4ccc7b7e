import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';
import type { Chain } from '#lib/provenance/chain.ts';
import { countReach, readNearest, summariseReach } from './reach.ts';
import { readNodes } from './read-nodes.ts';
import { readEdges } from './read-statements.ts';

const inputSchema = z.object({
  artifactId: z.int(),
  direction: z.enum(['ancestors', 'descendants']),
  /** Nodes at the most, the focus among them. */
  limit: z.int().min(1).max(5000),
});

/**
 * The chain up- or downstream of an artifact, the nearest first. What is beyond the limit is counted, and is part of the
 * summary.
 *
 * @returns null where no such artifact is known. @throws {z.ZodError} for a limit under 1 or over 5,000.
 */
export async function getChain({ db }: OpenDatabase, input: z.input<typeof inputSchema>): Promise<Chain | null> {
  const { artifactId, direction, limit } = inputSchema.parse(input);
  // One transaction: the tail may write meanwhile, and a chain of two moments would not hold together.
  return db.transaction(() => {
    const known = db.select({ id: artifacts.id }).from(artifacts).where(eq(artifacts.id, artifactId)).get();
    if (!known) return null;
    const { placed, isCut } = readNearest(db, artifactId, direction, limit);
    return {
      focusId: artifactId,
      direction,
      nodes: readNodes(db, placed),
      edges: readEdges(
        db,
        { side: 'child', ids: [...placed.keys()] },
        ({ childId, parentId }) => placed.has(childId) && placed.has(parentId),
      ),
      omitted: isCut ? countReach(db, artifactId, direction) - placed.size : 0,
      summary: summariseReach(db, artifactId, direction),
    };
  });
}
