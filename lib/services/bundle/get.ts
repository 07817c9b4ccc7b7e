import { asc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { attestations } from '#db/schema/artifact.ts';
import { bundleSubjects, bundles } from '#db/schema/bundle.ts';
import type { AttestationFacts } from '#lib/attestation/facts.ts';
import type { Check } from '#lib/provenance/check.ts';

const inputSchema = z.object({ id: z.string().max(100) });

/** Subjects told of; the bundle itself has them all. */
const MAX_SUBJECTS = 1000;

/** A bundle with every check made on it, its subjects, and what its statement says; null where there is none. */
export async function getBundle({ db }: OpenDatabase, input: z.input<typeof inputSchema>) {
  const { id } = inputSchema.parse(input);
  const row = db.select().from(bundles).where(eq(bundles.id, id)).get();
  if (!row) return null;
  const { bytes, checks, judgedUnder: _, ...bundle } = row;
  const attestation = db.select().from(attestations).where(eq(attestations.bundleId, id)).get();
  const subjects = db
    .select({ name: bundleSubjects.name, algorithm: bundleSubjects.algorithm, digest: bundleSubjects.digest })
    .from(bundleSubjects)
    .where(eq(bundleSubjects.bundleId, id))
    .orderBy(asc(bundleSubjects.position))
    .limit(MAX_SUBJECTS)
    .all();
  return {
    ...bundle,
    size: bytes.length,
    checks: JSON.parse(checks) as Check[],
    subjects,
    attestation: attestation ? (JSON.parse(attestation.facts) as AttestationFacts) : null,
  };
}

/** The bundle as it was handed in, byte for byte. */
export async function getBundleBytes(
  { db }: OpenDatabase,
  input: z.input<typeof inputSchema>,
): Promise<Uint8Array | null> {
  const { id } = inputSchema.parse(input);
  return db.select({ bytes: bundles.bytes }).from(bundles).where(eq(bundles.id, id)).get()?.bytes ?? null;
}
