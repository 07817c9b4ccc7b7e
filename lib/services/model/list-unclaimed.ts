import { and, desc, eq, gte, inArray, isNull } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { events } from '#db/schema/event.ts';

const signerSchema = z.object({ san: z.string(), issuer: z.string().nullable() });
const inputSchema = z.object({
  signers: z.array(signerSchema).max(24),
  /** Milliseconds since the epoch. */
  since: z.int(),
});

/** Of each signer, as many as a timeline can show. */
const PER_SIGNER = 50;

export type UnclaimedSigning = Awaited<ReturnType<typeof listUnclaimedOf>>[number];

/** What the same signers signed that nobody has shown: it may be this model or anything else. */
export async function listUnclaimedOf({ db }: OpenDatabase, input: z.input<typeof inputSchema>) {
  const { signers, since } = inputSchema.parse(input);
  return signers.flatMap(({ san, issuer }) =>
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
          eq(events.san, san),
          issuer === null ? isNull(events.issuer) : eq(events.issuer, issuer),
          // A forged certificate names the signer too, but does not belong in the signer's lane.
          eq(events.authenticity, 'verified'),
          inArray(events.claim, ['unclaimed', 'probable']),
          gte(events.occurredAt, since),
        ),
      )
      .orderBy(desc(events.occurredAt))
      .limit(PER_SIGNER)
      .all(),
  );
}
