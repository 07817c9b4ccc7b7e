import type { OpenDatabase } from '#db/client.ts';
import {
  type LogRow,
  mintBackfill,
  mintCheckpoint,
  mintCoverage,
  mintFault,
  mintLog,
  mintRuleSearch,
} from '#test/factories.ts';
import { HOSTILE } from './dense-signers.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;

const RULES = ['Release bot', 'Release workflows', 'Upstream base models'];

/** What a log engine that runs for a year leaves: trees of one server, certificate logs, searches, mirrors, witnesses. */
export function mintEngine(
  database: OpenDatabase,
  now: number,
  { healthy, behind }: { readonly healthy: LogRow; readonly behind: LogRow },
): void {
  mintTrees(database, now);
  mintCertificateLogs(database, now);
  mintSearched(database, now);
  mintShownElsewhere(database, now);
  mintHostile(database, now);
  for (const rule of RULES) mintRuleSearch(database, healthy, rule, 0, { since: now - 300 * DAY });
  mintRuleSearch(database, healthy, 'Old release key', 3_000_000, { since: now - 2 * DAY });
  mintRuleSearch(database, healthy, 'Old release key', 1_000_000, { endIndex: 1_250_000, since: now - DAY });
  mintRuleSearch(database, healthy, HOSTILE.script, 4_800_000, { since: now - HOUR });
  for (const rule of RULES) mintRuleSearch(database, behind, rule, 400_000, { since: now - 2 * HOUR });
  mintBackfill(database, healthy, {
    rules: JSON.stringify([HOSTILE.script, ...RULES]),
    endIndex: 4_800_000,
    nextEnd: 4_000_000,
    entries: 790_000,
    events: 3,
    rate: 1987,
    createdAt: now - HOUR,
  });
  mintBackfill(database, healthy, {
    endIndex: 900_000,
    entries: 900_000,
    nextEnd: 0,
    events: 41,
    state: 'done',
    createdAt: now - 310 * DAY,
    finishedAt: now - 309 * DAY,
  });
  mintBackfill(database, healthy, {
    rules: '["Old release key"]',
    endIndex: 3_000_000,
    nextEnd: 1_000_000,
    entries: 250_000,
    state: 'stopped',
    createdAt: now - 2 * DAY,
    finishedAt: now - DAY,
  });
}

/** Three trees of one Rekor v1: two ended, one that grows and of which only heads are proved. */
function mintTrees(database: OpenDatabase, now: number): void {
  const instance = 'rekor.public.example';
  const sizes = [4_163_431, 21_420_107, 1_904_882_310];
  let indexOffset = 0;
  for (const [i, size] of sizes.entries()) {
    const isActive = i === sizes.length - 1;
    const treeId = `${1_193_050_959_916_656_506n + BigInt(i)}`;
    const log = mintLog(database, {
      origin: `${instance} - ${treeId}`,
      instance,
      treeId,
      indexOffset,
      api: 'rekor-v1',
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      finalSize: isActive ? null : size,
      reading: isActive ? 'index' : 'entries',
      verifiedSize: size,
      observedSize: size,
      startIndex: isActive ? size : 0,
      rate: isActive ? null : 870,
      lastSuccessAt: now - 8000,
      lastAttemptAt: now - 8000,
      createdAt: now - 400 * DAY,
    });
    if (!isActive) mintCoverage(database, log, 0, size, now - 100 * DAY);
    mintCheckpoint(database, log, { size, firstSeenAt: now - 8000, verifiedAt: now - 7000 });
    indexOffset += size;
  }
}

function mintCertificateLogs(database: OpenDatabase, now: number): void {
  const rfc = mintLog(database, {
    origin: 'ctfe.public.example/2022',
    api: 'ct-rfc6962',
    verifiedSize: 310_204_118,
    observedSize: 310_204_377,
    startIndex: 309_000_000,
    rate: 2300,
    lastSuccessAt: now - 3000,
    lastAttemptAt: now - 3000,
    createdAt: now - 30 * DAY,
  });
  mintCoverage(database, rfc, 309_000_000, 310_204_118, now - 3000);
  mintCheckpoint(database, rfc, { size: 310_204_118, firstSeenAt: now - 33_000 });
  const tiled = mintLog(database, {
    origin: 'ctlog.public.example/2026h2',
    api: 'ct-static',
    verifiedSize: 1_204_118,
    observedSize: 1_204_118,
    lastSuccessAt: now - 12_000,
    lastAttemptAt: now - 12_000,
    createdAt: now - 90 * DAY,
  });
  mintCoverage(database, tiled, 0, 1_204_118, now - 12_000);
  mintCheckpoint(database, tiled, { size: 1_204_118, firstSeenAt: now - 12_000 });
}

/** A mirrored log whose past is being read back in hundreds of ranges, and whose mirror is full. */
function mintSearched(database: OpenDatabase, now: number): void {
  const size = 9_000_000;
  const log = mintLog(database, {
    origin: 'mirrored.rekor.models.example',
    source: 'configuration',
    verifiedSize: size,
    observedSize: size,
    startIndex: 8_000_000,
    mirror: 'full',
    mirrorSize: 6_553_600,
    mirrorBytes: 99_970_000_000,
    mirrorProblem:
      'The mirror has 99,970,000,000 bytes; 16,384 more entries need 48,100,000, and its limit is 100,000,000,000.',
    lastSuccessAt: now - 6000,
    lastAttemptAt: now - 6000,
    createdAt: now - 20 * DAY,
  });
  mintCoverage(database, log, 8_000_000, size, now - 6000);
  for (let i = 0; i < 240; i++) mintCoverage(database, log, 1_000_000 + i * 25_000, 1_000_000 + i * 25_000 + 8192, now);
  mintCheckpoint(database, log, { size, firstSeenAt: now - 6000 });
  mintBackfill(database, log, {
    endIndex: 8_000_000,
    nextEnd: 1_000_000,
    entries: 1_966_080,
    events: 12,
    rate: 1995,
    createdAt: now - 2 * DAY,
  });
  for (let i = 0; i < 11; i++) {
    mintBackfill(database, log, {
      rules: JSON.stringify([RULES[i % RULES.length]]),
      startIndex: 8_000_000 + i * 50_000,
      endIndex: 8_000_000 + i * 50_000 + 40_000,
      nextEnd: 8_000_000 + i * 50_000 + 40_000,
      createdAt: now - MINUTE,
    });
  }
  for (const rule of RULES) mintRuleSearch(database, log, rule, 8_900_000, { since: now - MINUTE });
}

/** A log whose heads reached us by every way, with and without witnesses, and that keeps its newest one from us. */
function mintShownElsewhere(database: OpenDatabase, now: number): void {
  const log = mintLog(database, {
    origin: 'witnessed.rekor.models.example',
    verifiedSize: 70_000,
    observedSize: 70_000,
    mirror: 'full',
    mirrorSize: 70_000,
    mirrorBytes: 214_000_000,
    lastSuccessAt: now - 2 * HOUR,
    lastAttemptAt: now - 5000,
    createdAt: now - 60 * DAY,
  });
  mintCoverage(database, log, 0, 70_000, now - 2 * HOUR);
  const witnesses = ['witness.navy.example', 'sigsum.witness.example', HOSTILE.bidi];
  const cosigners = (count: number, age: number) =>
    JSON.stringify(
      witnesses.slice(0, count).map((name, i) => ({
        name,
        timestamp: i === 2 ? null : Math.floor((now - age) / 1000) - i * 40,
      })),
    );
  const head = (size: number, age: number, count: number, more: Parameters<typeof mintCheckpoint>[2] = {}) =>
    mintCheckpoint(database, log, {
      size,
      previousSize: size - 1000,
      consistencyProof: Buffer.alloc(32 * 9),
      cosignatures: count,
      cosigners: cosigners(count, age),
      quorum: count >= 2,
      firstSeenAt: now - age,
      verifiedAt: now - age + 300,
      ...more,
    });
  const elsewhere = { state: 'consistent' as const, previousSize: 70_000 };
  head(61_000, 3 * DAY, 0);
  head(62_000, 2 * DAY, 1);
  head(69_000, 5 * HOUR, 3);
  head(62_500, 40 * HOUR, 0, { ...elsewhere, seenFrom: 'bundle', seenAt: 'bdl_4f2a9c0d1e8b7a66' });
  head(63_001, 39 * HOUR, 2, { ...elsewhere, seenFrom: 'witness', seenAt: 'witness.navy.example' });
  head(63_500, 38 * HOUR, 0, { ...elsewhere, seenFrom: 'entry' });
  head(64_000, 37 * HOUR, 0, { ...elsewhere, seenFrom: 'vantage', seenAt: 'https://elsewhere.example/log' });
  head(70_000, 2 * HOUR, 2);
  head(70_900, 90 * MINUTE, 1, {
    state: 'observed',
    previousSize: null,
    consistencyProof: null,
    verifiedAt: null,
    seenFrom: 'witness',
    seenAt: 'sigsum.witness.example',
  });
  mintFault(database, log, {
    code: 'withheld',
    count: 60,
    evidence: '{"shown to others":"…"}',
    firstAt: now - 30 * MINUTE,
    lastAt: now - 5000,
    message:
      'The log signed a tree of 70900 entries for somebody else (witness sigsum.witness.example) more than an hour ago, and still shows us 70000.',
  });
}

function mintHostile(database: OpenDatabase, now: number): void {
  const log = mintLog(database, {
    origin: `${HOSTILE.bidi}/${HOSTILE.script}/${'long-'.repeat(30)}`,
    verifiedSize: 12,
    observedSize: 12,
    startIndex: 10,
    lastSuccessAt: now - 4000,
    lastAttemptAt: now - 4000,
    createdAt: now - DAY,
  });
  mintCoverage(database, log, 10, 12, now - 4000);
  mintCheckpoint(database, log, { size: 12, firstSeenAt: now - 4000, cosignatures: 2 });
}
