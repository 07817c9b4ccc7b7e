import { and, desc, eq, gte, isNull } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { events } from '#db/schema/event.ts';

const signerSchema = z.object({ san: z.string(), issuer: z.string().nullable() });
const inputSchema = z.object({
  signers: z.array(signerSchema).max(24),
  /** Milliseconds since the epoch. */
  since: z.int(),
});

/** Of each signer and claim, as many as a timeline can show. */
const PER_SIGNER = 25;

export type UnclaimedSigning = Awaited<ReturnType<typeof listUnclaimedOf>>[number];

/** What the same signers signed that nobody has shown: it may be this model or anything else. */
export async function listUnclaimedOf({ db }: OpenDatabase, input: z.input<typeof inputSchema>) {
  const { signers, since } = inputSchema.parse(input);
  // One claim at a time, so that an index gives each in order and the search ends with the page.
  return signers.flatMap(({ san, issuer }) =>
    (['unclaimed', 'probable'] as const).flatMap((claim) =>
      db
        .select({
          id: events.id,
          at: events.occurredAt,
          san: events.san,
          issuer: events.issuer,
          authenticity: events.authenticity,
        })
        .from(events)
        .where(
          and(
            eq(events.claim, claim),
            // A forged certificate names the signer too, but does not belong in the signer's lane.
            eq(events.authenticity, 'verified'),
            eq(events.san, san),
            issuer === null ? isNull(events.issuer) : eq(events.issuer, issuer),
            gte(events.occurredAt, since),
          ),
        )
        .orderBy(desc(events.occurredAt))
        .limit(PER_SIGNER)
        .all(),
    ),
  );
}
