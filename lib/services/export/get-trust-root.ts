import { eq } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { configState } from '#db/schema/job.ts';
import { trustRoots } from '#db/schema/source.ts';

/** The trust root in force, byte for byte, with its SHA-256 in hex; null where no jobs have run on this database yet. */
export async function getTrustRoot({ db }: OpenDatabase): Promise<{ sha256: string; json: Uint8Array } | null> {
  const found = db
    .select({ sha256: trustRoots.sha256, json: trustRoots.json })
    .from(configState)
    .innerJoin(trustRoots, eq(trustRoots.sha256, configState.trustSha256))
    .where(eq(configState.id, 1))
    .get();
  return found ?? null;
}
