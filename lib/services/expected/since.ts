import { eq, min, ne } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { expectedSignings } from '#db/schema/expected.ts';
import { configState } from '#db/schema/job.ts';

/** Lenient: what is in force was validated when it was taken up. */
const inForceSchema = z
  .object({ expected: z.object({ alert: z.literal('unexpected') }) })
  .transform(() => true)
  .catch(false);

/**
 * From when on every own signing must have been declared: where the configuration says so (`expected.alert: unexpected`),
 * from the first time that anything was declared for. Null where no signing must be.
 */
export function expectedSince({ db }: OpenDatabase): number | null {
  const state = db.select({ inForce: configState.inForce }).from(configState).where(eq(configState.id, 1)).get();
  if (!state || !inForceSchema.parse(parseJson(state.inForce))) return null;
  const first = db
    .select({ from: min(expectedSignings.validFrom) })
    .from(expectedSignings)
    .where(ne(expectedSignings.source, 'canary'))
    .get();
  return first?.from ?? null;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
