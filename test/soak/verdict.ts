import type { FollowedLog, SoakDatabase, StoredEvent } from './database.ts';
import type { Identity } from './identity.ts';
import type { LogSizes } from './log-head.ts';
import type { Writer, Written } from './writer.ts';

/** One line of the verdict. */
export interface Verdict {
  readonly what: string;
  readonly found: string;
  /** Null where there was nothing to compare. */
  readonly ok: boolean | null;
}

/**
 * Compares what was written, by the writers' own record, with what the product has.
 *
 * @param sizes of the logs when the writers had ended; others may write to them too.
 */
export function judge(
  database: SoakDatabase,
  sizes: LogSizes,
  writer: Pick<Writer, 'written' | 'unconfirmed'>,
  identities: readonly Pick<Identity, 'isWatched' | 'certificates'>[],
): Verdict[] {
  const logs = database.logs();
  const events = database.watchedEvents();
  const faults = database.openFaults().map(({ origin, code, message }) => `${origin}: ${code}: ${message}`);
  const integrity = database.integrity();
  const verdicts: Verdict[] = [
    { what: 'open faults', found: faults.join('; ') || 'none', ok: faults.length === 0 },
    { what: 'database', found: integrity, ok: integrity === 'ok' },
    { what: 'logs followed', found: logs.map(({ origin }) => origin).join(', '), ok: logs.length > 0 },
  ];
  for (const log of logs) verdicts.push(...judgePosition(database, log, sizes.get(log.origin)));
  for (const log of logs.filter(({ api }) => api.startsWith('rekor'))) {
    const written = writer.written.filter((entry) => isIn(entry, log));
    verdicts.push(...judgeEvents(log, written, events, writer.unconfirmed));
  }
  if (logs.some(({ api }) => api.startsWith('ct'))) verdicts.push(judgeCertificates(database, identities));
  const elsewhere = writer.written.filter((entry) => !logs.some((log) => isIn(entry, log))).length;
  if (elsewhere > 0)
    verdicts.push({
      what: 'written to logs that are not followed',
      found: `${elsewhere} entries, not compared`,
      ok: null,
    });
  return verdicts;
}

/** Both cursors at the head or beyond, and coverage from 0 to there in one piece: the past is searched back. */
function judgePosition(database: SoakDatabase, log: FollowedLog, size: number | undefined): Verdict[] {
  const { origin, state, downloaded, verified } = log;
  const ranges = database.coverage(log.id);
  const [range] = ranges;
  const isWhole =
    verified === 0 ? ranges.length === 0 : ranges.length === 1 && range?.start === 0 && range.end === verified;
  return [
    {
      what: `${origin}: cursors`,
      found: `${state}, downloaded ${downloaded}, verified ${verified}, written up to ${size ?? 'nowhere'}`,
      ok: state === 'following' && downloaded === verified && size !== undefined && verified >= size,
    },
    {
      what: `${origin}: coverage`,
      found: ranges.map(({ start, end }) => `${start} to ${end}`).join(', ') || 'none',
      ok: isWhole,
    },
  ];
}

/** Every watched entry is an event once, at its index, with its leaf; there are no others. */
function judgeEvents(
  log: FollowedLog,
  written: readonly Written[],
  events: readonly StoredEvent[],
  unconfirmed: ReadonlySet<string>,
): Verdict[] {
  const watched = written.filter(({ identity }) => identity.isWatched);
  const expected = new Set(watched.map(({ index, leafHash }) => `${index - log.indexOffset} ${leafHash}`));
  const stored = events.filter(({ logId }) => logId === log.id);
  const places = new Set(stored.map(({ index, leafHash }) => `${index} ${leafHash}`));
  const missing = [...expected].filter((place) => !places.has(place));
  const doubled = stored.length - new Set(stored.map(({ leafHash }) => leafHash)).size;
  const foreign = stored.filter(
    ({ index, leafHash, digest }) => !expected.has(`${index} ${leafHash}`) && !unconfirmed.has(digest ?? ''),
  );
  const count = (what: string, found: number): Verdict => ({
    what: `${log.origin}: ${what}`,
    found: String(found),
    ok: found === 0,
  });
  return [
    {
      what: `${log.origin}: watched entries that are events`,
      found: `${expected.size - missing.length} of ${expected.size} (${written.length} written)`,
      // A tree that had ended before takes no more entries: of it there is nothing to compare.
      ok: written.length === 0 && log.finalSize !== null ? null : expected.size > 0 && missing.length === 0,
    },
    count('entries that are events twice', doubled),
    count('events of watched signers that nobody wrote', foreign.length),
  ];
}

function judgeCertificates(
  database: SoakDatabase,
  identities: readonly Pick<Identity, 'isWatched' | 'certificates'>[],
): Verdict {
  const minted = identities
    .filter(({ isWatched }) => isWatched)
    .flatMap(({ certificates }) => certificates.map(({ serial }) => plain(serial)));
  const seen = database.watchedSerials().map(plain);
  const missing = minted.filter((serial) => !seen.includes(serial)).length;
  return {
    what: 'certificates of watched signers that the certificate log showed',
    found: `${minted.length - missing} of ${minted.length}, ${seen.length} in all`,
    ok: missing === 0 && seen.length === minted.length,
  };
}

function plain(serial: string): string {
  return serial.replace(/^0+/, '');
}

function isIn({ api, place }: Written, log: FollowedLog): boolean {
  return api === log.api && place === (api === 'rekor-v1' ? log.treeId : log.origin);
}
