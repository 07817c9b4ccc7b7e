import { createHash } from 'node:crypto';
import type { OpenDatabase } from '#db/client.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { backfills, checkpoints, coverage, logFaults, logs, ruleSearches } from '#db/schema/log.ts';
import { indexEvent } from '#db/search.ts';
import { stableId } from '#lib/ids.ts';
import type { Check } from '#lib/provenance/check.ts';
import type { StoredCertificate } from '#lib/services/event/get.ts';

// Facts as the jobs would have stored them, minted straight into a database: for tests of what reads them.

export type LogRow = typeof logs.$inferSelect;
export type CheckpointRow = typeof checkpoints.$inferSelect;
export type EventRow = typeof events.$inferSelect;
export type MintedRule = Pick<typeof eventMatches.$inferInsert, 'rule' | 'field' | 'value' | 'how' | 'own'>;

/** 12 March 2026, 09:14:03 UTC. */
export const MINT_TIME = Date.UTC(2026, 2, 12, 9, 14, 3);

/** Bytes that differ for each `seed` and are the same on each run. */
export function mintBytes(seed: string, length = 32): Buffer {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) =>
    createHash('sha256').update(`${seed} ${i}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, length);
}

export function mintHex(seed: string): string {
  return mintBytes(seed).toString('hex');
}

export function mintLog({ db }: OpenDatabase, overrides: Partial<typeof logs.$inferInsert> = {}): LogRow {
  const origin = overrides.origin ?? 'log2026-1.rekor.example';
  const size = overrides.verifiedSize ?? 1000;
  return db
    .insert(logs)
    .values({
      origin,
      api: 'rekor-v2',
      readUrl: `https://${origin}/api/v2`,
      logId: mintHex(`log id ${origin}`),
      keyDetails: 'PKIX_ED25519',
      publicKey: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), mintBytes(`key ${origin}`)]),
      source: 'trusted-root',
      state: 'following',
      startIndex: 0,
      downloadedSize: size,
      downloadedRange: Buffer.alloc(0),
      verifiedSize: size,
      verifiedRange: Buffer.alloc(0),
      observedSize: size,
      lastAttemptAt: MINT_TIME,
      lastSuccessAt: MINT_TIME,
      rate: 40_000,
      createdAt: MINT_TIME,
      ...overrides,
    })
    .returning()
    .get();
}

export function mintCoverage(
  { db }: OpenDatabase,
  log: LogRow,
  startIndex: number,
  endIndex: number,
  verifiedAt = MINT_TIME,
): void {
  db.insert(coverage).values({ logId: log.id, startIndex, endIndex, verifiedAt }).run();
}

export function mintCheckpoint(
  { db }: OpenDatabase,
  log: LogRow,
  overrides: Partial<typeof checkpoints.$inferInsert> = {},
): CheckpointRow {
  const size = overrides.size ?? log.verifiedSize;
  const root = mintBytes(`root ${log.origin} ${size} ${overrides.state ?? ''}`);
  const signature = Buffer.concat([
    Buffer.from(log.logId.slice(0, 8), 'hex'),
    mintBytes(`signature ${log.origin} ${size}`, 64),
  ]);
  const note = `${log.origin}\n${size}\n${root.toString('base64')}\n\n— ${log.origin} ${signature.toString('base64')}\n`;
  return db
    .insert(checkpoints)
    .values({
      logId: log.id,
      size,
      root,
      note,
      noteSha256: createHash('sha256').update(note).digest('hex'),
      state: 'verified',
      previousSize: null,
      consistencyProof: null,
      cosignatures: 0,
      firstSeenAt: MINT_TIME,
      verifiedAt: MINT_TIME,
      ...overrides,
    })
    .returning()
    .get();
}

export function mintFault(
  { db }: OpenDatabase,
  log: LogRow,
  overrides: Partial<typeof logFaults.$inferInsert> = {},
): number {
  const fault = {
    logId: log.id,
    code: 'server-error',
    severity: 'failure' as const,
    message: `${log.readUrl}/checkpoint answered 503 in each of 5 attempts.`,
    firstAt: MINT_TIME,
    lastAt: MINT_TIME,
    ...overrides,
  };
  return db.insert(logFaults).values(fault).returning().get().id;
}

/** A search of the past of a log: of its first thousand entries, unless said. Returns its id. */
export function mintBackfill(
  { db }: OpenDatabase,
  log: LogRow,
  overrides: Partial<typeof backfills.$inferInsert> = {},
): number {
  const endIndex = overrides.endIndex ?? 1000;
  return db
    .insert(backfills)
    .values({
      logId: log.id,
      kind: overrides.rules ? 'rules' : 'history',
      startIndex: 0,
      endIndex,
      nextEnd: endIndex,
      state: 'open',
      createdAt: MINT_TIME,
      ...overrides,
    })
    .returning()
    .get().id;
}

/** That a rule is held against a log from `startIndex` on, or was against the entries up to `endIndex`. */
export function mintRuleSearch(
  { db }: OpenDatabase,
  log: LogRow,
  rule: string,
  startIndex: number,
  overrides: Partial<typeof ruleSearches.$inferInsert> = {},
): void {
  const definition = mintHex(`rule ${rule}`);
  db.insert(ruleSearches)
    .values({ logId: log.id, rule, definition, startIndex, endIndex: null, since: MINT_TIME, ...overrides })
    .run();
}

/** What a certificate for one identity says; `value` is stored as it is given, so it should be escaped as a reader would. */
export function mintCertificate(
  overrides: Partial<StoredCertificate> & { san: string; sanType: string; oidc: string | null },
): StoredCertificate {
  const { san, sanType, oidc, ...rest } = overrides;
  const type = sanType === 'email' || sanType === 'uri' || sanType === 'dns' ? sanType : 'other-name';
  const issuerFact =
    oidc === null ? { value: null, conflict: false } : { raw: oidc, utf8: oidc, value: oidc, conflict: false };
  return {
    serial: mintHex(`serial ${san}`).slice(0, 40),
    issuerName: 'CN=sigstore-intermediate,O=sigstore.example',
    subjectName: '',
    notBefore: MINT_TIME - 1000,
    notAfter: MINT_TIME + 599_000,
    sans: [{ type, value: san, raw: Buffer.from(san).toString('hex'), anomalies: [] }],
    issuer: issuerFact,
    extensions: [],
    anomalies: [],
    ...rest,
  };
}

export function mintChecks(origin: string, size: number): Check[] {
  return [
    {
      name: 'checkpoint-signature',
      outcome: 'passed',
      statement: `${origin} signed the checkpoint of size ${size} with the key that the trust root names.`,
      evidence: { origin, size: String(size), root: mintBytes(`root ${origin} ${size} `).toString('base64') },
    },
    {
      name: 'inclusion',
      outcome: 'passed',
      statement: `The entry is part of the tree of ${size} entries that ${origin} signed.`,
      evidence: { 'tree size': String(size), 'proof hashes': '4' },
    },
  ];
}

/** An entry of a log with its rules; the entry's bytes are of the kind that Rekor v2 stores. */
export function mintEvent(
  database: OpenDatabase,
  place: { log: LogRow; checkpoint: CheckpointRow; logIndex: number } | null,
  { rules = [], ...overrides }: Partial<typeof events.$inferInsert> & { rules?: readonly MintedRule[] } = {},
): EventRow {
  const { db, sqlite } = database;
  const seed = place ? `${place.log.origin} ${place.logIndex}` : `${overrides.id ?? overrides.san}`;
  const digest = mintHex(`digest ${seed}`);
  const san = overrides.san === undefined ? 'release-bot@models.example' : overrides.san;
  const sanType = overrides.sanType ?? 'email';
  const issuer = overrides.issuer === undefined ? 'https://accounts.models.example' : overrides.issuer;
  const signedAt = overrides.signedAt === undefined ? MINT_TIME : overrides.signedAt;
  const firstSeenAt = overrides.firstSeenAt ?? (signedAt ?? MINT_TIME) + 4000;
  const entry = overrides.entry === undefined ? mintEntry(digest, seed) : overrides.entry;
  const row = db
    .insert(events)
    .values({
      id: stableId('event', seed),
      logId: place?.log.id ?? null,
      logIndex: place?.logIndex ?? null,
      leafHash: entry ? createHash('sha256').update('\0').update(entry).digest('hex') : null,
      kind: 'hashedrekord 0.0.2',
      seenBy: place ? 'tail' : 'bundle',
      checkpointId: place?.checkpoint.id ?? null,
      treeSize: place?.checkpoint.size ?? null,
      inclusionProof: place ? mintBytes(`proof ${seed}`, 4 * 32) : null,
      digestAlgorithm: 'sha256',
      digest,
      signatureSha256: mintHex(`signature ${seed}`),
      certificateSha256: san === null ? null : mintHex(`certificate ${seed}`),
      sanType: san === null ? null : sanType,
      certificate: san === null ? null : JSON.stringify(mintCertificate({ san, sanType, oidc: issuer })),
      authenticity: 'verified',
      authenticityReason: 'The certificate chains to a trusted authority, and was valid when it was issued.',
      claim: 'unclaimed',
      signedAtSource: signedAt === null ? null : 'sct',
      occurredAt: signedAt ?? firstSeenAt,
      checks: JSON.stringify(place ? mintChecks(place.log.origin, place.checkpoint.size) : []),
      ...overrides,
      entry,
      san,
      issuer,
      signedAt,
      firstSeenAt,
    })
    .returning()
    .get();
  for (const rule of rules)
    db.insert(eventMatches)
      .values({ eventId: row.id, ...rule })
      .run();
  const terms = [row.id, row.san, row.issuer, row.digest, row.leafHash, row.kind, ...rules.map(({ rule }) => rule)];
  const found = terms.filter((term) => term !== null).map((term) => term.slice(0, 512));
  indexEvent(sqlite, row.row, row.id, found);
  return row;
}

function mintEntry(digest: string, seed: string): Buffer {
  const verifier = mintBytes(`der ${seed}`, 700).toString('base64');
  return Buffer.from(
    `{"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{"algorithm":"SHA2_256","digest":"${Buffer.from(digest, 'hex').toString('base64')}"},` +
      `"signature":{"content":"${mintBytes(`sig ${seed}`, 70).toString('base64')}","verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256","x509Certificate":{"rawBytes":"${verifier}"}}}}}}`,
  );
}
