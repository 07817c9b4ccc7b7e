import type { OpenDatabase } from '#db/client.ts';
import { type CheckpointRow, type LogRow, mintCheckpoint, mintCoverage, mintFault, mintLog } from '#test/factories.ts';
import { mintEngine } from './dense-engine.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** A log that entries are minted into, with the checkpoint that holds them. */
export interface Followed {
  readonly log: LogRow;
  readonly checkpoint: CheckpointRow;
}

/**
 * Twelve logs. The first four: one well, one being caught up with, one that contradicted itself, one that fails; the first
 * two are given. The others are in dense-engine.ts.
 */
export function mintLogs(database: OpenDatabase, now: number): Followed[] {
  const healthy = mintLog(database, {
    origin: 'log2026-1.rekor.example',
    verifiedSize: 4_812_907,
    observedSize: 4_812_907,
    lastSuccessAt: now - 9000,
    lastAttemptAt: now - 9000,
    createdAt: now - 320 * DAY,
  });
  const behind = mintLog(database, {
    origin: 'log2025-2.rekor.example',
    verifiedSize: 1_204_224,
    downloadedSize: 1_310_720,
    observedSize: 9_650_113,
    startIndex: 400_000,
    rate: 41_200,
    lastSuccessAt: now - 4000,
    lastAttemptAt: now - 4000,
    createdAt: now - 2 * HOUR,
  });
  const frozen = mintLog(database, {
    origin: 'private.rekor.models.example',
    verifiedSize: 20_331,
    observedSize: 20_331,
    state: 'frozen',
    source: 'configuration',
    keyDetails: 'PKIX_ECDSA_P256_SHA_256',
    lastSuccessAt: now - 2 * DAY,
    lastAttemptAt: now - 2 * DAY,
    createdAt: now - 200 * DAY,
  });
  const failing = mintLog(database, {
    origin: 'rekor.partner.example',
    verifiedSize: 88_120,
    observedSize: 88_120,
    lastSuccessAt: now - 5 * HOUR,
    lastAttemptAt: now - 15_000,
    createdAt: now - 90 * DAY,
  });
  mintCoverage(database, healthy, 0, 4_812_907, now - 9000);
  mintCoverage(database, behind, 400_000, 1_204_224, now - 4000);
  mintCoverage(database, frozen, 0, 9_000, now - 60 * DAY);
  mintCoverage(database, frozen, 12_500, 20_331, now - 2 * DAY);
  mintCoverage(database, failing, 0, 88_120, now - 5 * HOUR);
  const evidence = JSON.stringify({
    held: `${frozen.origin}\n20331\n…`,
    received: `${frozen.origin}\n20331\n…`,
    proof: '',
  });
  mintFault(database, frozen, {
    code: 'inconsistent',
    severity: 'misbehaviour',
    evidence,
    firstAt: now - 2 * DAY,
    lastAt: now - 2 * DAY,
    message: 'Two checkpoints of size 20331 have different roots, and both carry a good signature of the log.',
  });
  mintFault(database, failing, { code: 'server-error', count: 1204, firstAt: now - 5 * HOUR, lastAt: now - 15_000 });
  mintFault(database, failing, {
    code: 'rate-limited',
    count: 3,
    firstAt: now - 9 * DAY,
    lastAt: now - 9 * DAY + HOUR,
    resolvedAt: now - 9 * DAY + 2 * HOUR,
    message: 'https://rekor.partner.example/api/v2/checkpoint answered 429 and asked to wait 60 s.',
  });
  for (let i = 40; i >= 1; i--) {
    const size = 4_812_907 - i * 3_211;
    mintCheckpoint(database, healthy, {
      size,
      previousSize: size - 3_211,
      consistencyProof: Buffer.alloc(32 * 18),
      firstSeenAt: now - i * 10_000,
      verifiedAt: now - i * 10_000 + 310,
      cosignatures: i % 3,
    });
  }
  const latest = mintCheckpoint(database, healthy, {
    size: 4_812_907,
    previousSize: 4_809_696,
    consistencyProof: Buffer.alloc(32 * 17),
    firstSeenAt: now - 9000,
    verifiedAt: now - 8700,
    cosignatures: 2,
  });
  const middle = mintCheckpoint(database, behind, {
    size: 1_204_224,
    firstSeenAt: now - HOUR,
    verifiedAt: now - 60_000,
  });
  mintCheckpoint(database, behind, {
    size: 9_650_113,
    state: 'observed',
    verifiedAt: null,
    previousSize: 1_204_224,
    firstSeenAt: now - 4000,
  });
  mintCheckpoint(database, frozen, { size: 20_331, firstSeenAt: now - 3 * DAY });
  mintCheckpoint(database, frozen, {
    size: 20_331,
    state: 'inconsistent',
    verifiedAt: null,
    firstSeenAt: now - 2 * DAY,
  });
  mintCheckpoint(database, failing, { size: 88_120, firstSeenAt: now - 5 * HOUR });
  mintEngine(database, now, { healthy, behind });
  return [
    { log: healthy, checkpoint: latest },
    { log: behind, checkpoint: middle },
  ];
}
