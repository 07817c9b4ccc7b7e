import type { OpenDatabase } from '#db/client.ts';
import { certificateMatches, eventCertificates, issuedCertificates } from '#db/schema/certificate.ts';
import { stableId } from '#lib/ids.ts';
import { type CheckpointRow, type LogRow, MINT_TIME, type MintedRule, mintBytes, mintHex } from '#test/factories.ts';

export type IssuedRow = typeof issuedCertificates.$inferSelect;

/** A certificate that a certificate log showed, as its tail would have kept it. */
export function mintIssued(
  { db }: OpenDatabase,
  { log, checkpoint, logIndex }: { log: LogRow; checkpoint: CheckpointRow; logIndex: number },
  {
    rules = [],
    ...overrides
  }: Partial<typeof issuedCertificates.$inferInsert> & { rules?: readonly MintedRule[] } = {},
): IssuedRow {
  const seed = `${log.origin} ${logIndex}`;
  const row = db
    .insert(issuedCertificates)
    .values({
      id: stableId('certificate', log.origin, logIndex),
      logId: log.id,
      logIndex,
      leafHash: mintHex(`leaf ${seed}`),
      kind: 'precertificate',
      leaf: mintBytes(`leaf ${seed}`, 300),
      checkpointId: checkpoint.id,
      treeSize: checkpoint.size,
      inclusionProof: mintBytes(`proof ${seed}`, 4 * 32),
      issuedAt: MINT_TIME + logIndex,
      tbsSha256: mintHex(`tbs ${seed}`),
      spkiSha256: mintHex(`spki ${seed}`),
      serial: mintHex(`serial ${seed}`).slice(0, 40),
      sanType: 'email',
      san: 'release-bot@models.example',
      issuer: 'https://accounts.models.example',
      notBefore: MINT_TIME,
      notAfter: MINT_TIME + 600_000,
      state: 'waiting',
      reason: 'No entry of it has been found so far.',
      firstSeenAt: MINT_TIME + 60_000,
      ...overrides,
    })
    .returning()
    .get();
  for (const rule of rules)
    db.insert(certificateMatches)
      .values({ ...rule, certificateId: row.id })
      .run();
  return row;
}

/** Where the certificate of an event stands in the certificate logs: awaited, unless said. */
export function mintEventCertificate(
  { db }: OpenDatabase,
  eventId: string,
  overrides: Partial<typeof eventCertificates.$inferInsert> = {},
): void {
  db.insert(eventCertificates)
    .values({
      eventId,
      tbsSha256: mintHex(`tbs of ${eventId}`),
      state: 'waiting',
      reason: 'No certificate log has shown it so far.',
      checkedAt: MINT_TIME,
      ...overrides,
    })
    .run();
}
