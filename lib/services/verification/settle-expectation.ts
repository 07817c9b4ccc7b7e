import { eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { versions } from '#db/schema/model.ts';
import { settle } from '#lib/services/settle.ts';
import type { Standards } from '#lib/services/standards.ts';

interface Checked {
  readonly verificationId: string;
  /** What was expected; null where nothing was. */
  readonly versionId: string | null;
  readonly now: number;
}

/** Settles the findings that a check against an expected version opens or resolves, in the transaction that stores it. */
export function settleExpectation(
  tx: Writer,
  { verificationId, versionId, now }: Checked,
  { policies }: Standards,
): void {
  if (versionId === null) return;
  const version = tx.select({ artifactId: versions.artifactId }).from(versions).where(eq(versions.id, versionId)).get();
  if (version?.artifactId == null) return;
  settle(tx, { policies, artifactIds: [version.artifactId], cause: `verification ${verificationId}`, now });
}
