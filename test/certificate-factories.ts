import type { OpenDatabase } from '#db/client.ts';
import { certificateMatches, eventCertificates, issuedCertificates } from '#db/schema/certificate.ts';
import { stableId } from '#lib/ids.ts';
import { type CheckpointRow, type LogRow, MINT_TIME, type MintedRule, mintBytes, mintHex } from '#test/factories.ts';

export type IssuedRow = typeof issuedCertificates.$inferSelect;
export type EventCertificateRow = typeof eventCertificates.$inferInsert;

/** Where a certificate log has a certificate. */
export interface IssuedPlace {
  readonly log: LogRow;
  readonly checkpoint: CheckpointRow;
  readonly logIndex: number;
}

export type IssuedOverrides = Partial<typeof issuedCertificates.$inferInsert> & {
  readonly rules?: readonly MintedRule[];
};

export interface BuiltIssued {
  readonly row: typeof issuedCertificates.$inferInsert;
  readonly rules: readonly MintedRule[];
}

/** Inserted at once: the statements of SQLite take longer to compile than to run. */
const BATCH = 100;

/** A certificate that a certificate log showed, as its tail would have kept it. */
export function mintIssued(database: OpenDatabase, place: IssuedPlace, overrides: IssuedOverrides = {}): IssuedRow {
  const { row, rules } = buildIssued(place, overrides);
  const stored = database.db.insert(issuedCertificates).values(row).returning().get();
  storeMatches(database, [{ row, rules }]);
  return stored;
}

/** Many of them, built before. */
export function mintManyIssued(database: OpenDatabase, built: readonly BuiltIssued[]): void {
  for (let at = 0; at < built.length; at += BATCH) {
    const batch = built.slice(at, at + BATCH);
    database.db
      .insert(issuedCertificates)
      .values(batch.map(({ row }) => row))
      .run();
    storeMatches(database, batch);
  }
}

/** What `mintIssued` stores. */
export function buildIssued({ log, checkpoint, logIndex }: IssuedPlace, overrides: IssuedOverrides = {}): BuiltIssued {
  const { rules = [], ...said } = overrides;
  const seed = `${log.origin} ${logIndex}`;
  const row = {
    id: stableId('certificate', log.origin, logIndex),
    logId: log.id,
    logIndex,
    leafHash: mintHex(`leaf ${seed}`),
    kind: 'precertificate' as const,
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
    state: 'waiting' as const,
    reason: 'No entry of it has been found so far.',
    firstSeenAt: MINT_TIME + 60_000,
    ...said,
  };
  return { row, rules };
}

/** Where the certificates of events stand in the certificate logs. */
export function mintEventCertificates({ db }: OpenDatabase, rows: readonly EventCertificateRow[]): void {
  if (rows.length > 0)
    db.insert(eventCertificates)
      .values([...rows])
      .run();
}

function storeMatches({ db }: OpenDatabase, built: readonly BuiltIssued[]): void {
  const matches = built.flatMap(({ row, rules }) => rules.map((rule) => ({ ...rule, certificateId: row.id })));
  if (matches.length > 0) db.insert(certificateMatches).values(matches).run();
}
