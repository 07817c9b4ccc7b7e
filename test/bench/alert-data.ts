import type { OpenDatabase } from '#db/client.ts';
import { eventMatches, events } from '#db/schema/event.ts';
import { findings } from '#db/schema/finding.ts';
import { models } from '#db/schema/model.ts';
import { stableId } from '#lib/ids.ts';
import { MINT_TIME, mintCheckpoint, mintHex, mintLog } from '#test/factories.ts';

// What a first look finds after a catch-up: own signings of many workflows, strangers of every sort, findings of all kinds.

export interface AlertDataSize {
  readonly events: number;
  readonly findings: number;
}

type EventRow = typeof events.$inferInsert;
type MatchRow = typeof eventMatches.$inferInsert;

/** Inserted at once: the statements of SQLite take longer to compile than to run. */
const BATCH = 200;
const OWN = {
  rule: 'Release bot',
  field: 'san',
  value: 'release-bot@models.example',
  how: 'exact',
  own: true,
} as const;
const ISSUER = 'https://accounts.models.example';
const ACTIONS = 'https://token.actions.githubusercontent.com';

const KINDS = [
  'unexpected-signer',
  'changed-signer',
  'changed-workflow',
  'lost-provenance',
  'partial-provenance',
  'unsigned-version',
  'broken-link',
  'field-conflict',
  'registered-mismatch',
  'hash-mismatch',
] as const;

/** Fills a database. The events were seen at `MINT_TIME`; those from `firstEvent` on are added to those before. */
export function mintAlertCauses(database: OpenDatabase, size: AlertDataSize): void {
  const { db, sqlite } = database;
  const log = mintLog(database, { verifiedSize: size.events });
  const { id: checkpointId, size: treeSize } = mintCheckpoint(database, log);
  sqlite.transaction(() => {
    for (let from = 0; from < size.events; from += BATCH) {
      const made = Array.from({ length: Math.min(BATCH, size.events - from) }, (_, i) => eventOf(from + i));
      db.insert(events)
        .values(made.map(({ row }) => ({ ...row, logId: log.id, checkpointId, treeSize })))
        .run();
      const matches = made.flatMap((one) => one.matches);
      if (matches.length > 0) db.insert(eventMatches).values(matches).run();
    }
    mintFindings(database, size.findings);
  })();
  sqlite.exec('ANALYZE');
}

/** One in five is an own signing that nobody accounted for, one in 25 of a stranger; the rest is as it should be. */
function eventOf(i: number): { row: EventRow; matches: MatchRow[] } {
  const id = stableId('event', `bench ${i}`);
  const of = (match: Partial<MatchRow> = {}): MatchRow => ({ eventId: id, ...OWN, ...match });
  const common = {
    id,
    logIndex: i,
    kind: 'hashedrekord 0.0.2',
    seenBy: 'tail' as const,
    digestAlgorithm: 'sha256',
    digest: mintHex(`bench ${i}`),
    sanType: 'email',
    authenticity: 'verified' as const,
    authenticityReason: 'The certificate chains to a trusted authority, and was valid when it was issued.',
    claim: i % 5 === 0 ? ('unclaimed' as const) : ('other' as const),
    signedAt: MINT_TIME - i,
    signedAtSource: 'sct' as const,
    firstSeenAt: MINT_TIME,
    occurredAt: MINT_TIME - i,
    checks: '[]',
  };
  switch (i % 50) {
    case 1:
      return {
        row: { ...common, san: OWN.value, issuer: ISSUER, authenticity: 'impersonation' },
        matches: [of({ own: false })],
      };
    case 2:
      return {
        row: { ...common, san: `release-b\u043et@models-${i % 997}.example`, issuer: ISSUER },
        matches: [of({ how: 'look-alike', own: false })],
      };
    case 3:
      return {
        row: { ...common, san: null, issuer: null, authenticity: 'unverifiable', undecided: 'It is not ASN.1.' },
        matches: [of({ field: 'bytes', how: 'bytes', own: false, value: `team-${i % 97}@models.example` })],
      };
  }
  if (i % 2 === 0) return { row: { ...common, san: OWN.value, issuer: ISSUER }, matches: [of()] };
  const repository = `https://github.com/models-example/model-${i % 401}`;
  const san = `${repository}/.github/workflows/release-${i % 3}.yml@refs/tags/v${i}`;
  return {
    row: { ...common, sanType: 'uri', san, issuer: ACTIONS },
    matches: [of({ rule: 'Release workflows', value: san })],
  };
}

function mintFindings({ db }: OpenDatabase, count: number): void {
  const model = (i: number) => `northwind/model-${i % 2000}`;
  const named = Array.from({ length: Math.min(count, 2000) }, (_, i) => model(i));
  for (let from = 0; from < named.length; from += BATCH) {
    const rows = named.slice(from, from + BATCH);
    db.insert(models)
      .values(
        rows.map((name) => ({ id: `mdl_${name}`, name, slug: name.replaceAll('/', '-'), firstSeenAt: MINT_TIME })),
      )
      .run();
  }
  for (let from = 0; from < count; from += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, count - from) }, (_, k) => {
      const i = from + k;
      return {
        id: stableId('finding', `bench ${i}`),
        kind: KINDS[i % KINDS.length] ?? 'broken-link',
        modelId: `mdl_${model(i)}`,
        statement: `Version ${i} is not as the one before it was.`,
        evidence: JSON.stringify({ expected: OWN.value, found: `team-${i}@models.example` }),
        firstAt: MINT_TIME + i,
      };
    });
    db.insert(findings).values(rows).run();
  }
}
