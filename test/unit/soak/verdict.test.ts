import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase } from '#db/migrate.ts';
import { events } from '#db/schema/event.ts';
import { logs } from '#db/schema/log.ts';
import { type LogRow, mintCheckpoint, mintCoverage, mintEvent, mintFault, mintHex, mintLog } from '#test/factories.ts';
import { SoakDatabase } from '#test/soak/database.ts';
import { judge } from '#test/soak/verdict.ts';
import type { Written } from '#test/soak/writer.ts';
import { temporaryFolder } from '#test/support/product.ts';

const RULE = {
  rule: 'release bot',
  field: 'san',
  value: 'release-bot@models.example',
  how: 'exact',
  own: true,
} as const;
const SIZE = 100;

let folder: ReturnType<typeof temporaryFolder>;
let size: number;
let database: ReturnType<typeof createDatabase>;
let log: LogRow;
let written: Written[];
let unconfirmed: Set<string>;

beforeEach(() => {
  folder = temporaryFolder();
  size = SIZE;
  database = createDatabase(join(folder.path, 'soak.db'));
  log = mintLog(database, { origin: 'log.example', verifiedSize: SIZE });
  mintCoverage(database, log, 0, SIZE);
  written = [];
  unconfirmed = new Set();
  write(10);
  write(20);
  write(30, false);
});

afterEach(() => {
  database.close();
  folder.remove();
});

/** An entry by the writers' record, and its event where the signer is watched. */
function write(index: number, isWatched = true): void {
  const leafHash = mintHex(`leaf ${index}`);
  written.push({ api: 'rekor-v2', place: 'log.example', index, leafHash, identity: { isWatched } });
  if (isWatched) store(index, leafHash);
}

function store(index: number, leafHash: string, digest?: string): void {
  const checkpoint = mintCheckpoint(database, log, { note: `note ${index}`, noteSha256: mintHex(`note ${index}`) });
  mintEvent(database, { log, checkpoint, logIndex: index }, { leafHash, rules: [RULE], ...(digest ? { digest } : {}) });
}

/** What is not as it must be. */
function complaints(): string[] {
  const sizes = new Map([['log.example', size]]);
  const verdicts = judge(new SoakDatabase(join(folder.path, 'soak.db')), sizes, { written, unconfirmed }, []);
  return verdicts.filter(({ ok }) => ok === false).map(({ what }) => what.replace('log.example: ', ''));
}

describe('the verdict of the soak', () => {
  it('finds nothing wrong where every watched entry is an event once', () => {
    expect(complaints()).toEqual([]);
  });

  it('compares nothing of a tree that had ended before, and of one that goes on says that nothing was', () => {
    const nothing = 'watched entries that are events';
    written = [];
    database.db.delete(events).run();
    expect(complaints()).toContain(nothing);
    database.db.update(logs).set({ finalSize: SIZE }).run();
    expect(complaints()).not.toContain(nothing);
  });

  it('misses an entry that is no event', () => {
    written.push({
      api: 'rekor-v2',
      place: 'log.example',
      index: 40,
      leafHash: mintHex('lost'),
      identity: { isWatched: true },
    });
    expect(complaints()).toEqual(['watched entries that are events']);
  });

  it('sees an entry that is an event at two indices', () => {
    store(41, mintHex('leaf 10'));
    expect(complaints()).toEqual(['entries that are events twice', 'events of watched signers that nobody wrote']);
  });

  it('sees an event that nobody wrote, unless its writing was not confirmed', () => {
    store(42, mintHex('foreign'), 'ab');
    expect(complaints()).toEqual(['events of watched signers that nobody wrote']);
    unconfirmed.add('ab');
    expect(complaints()).toEqual([]);
  });

  it('sees cursors that stopped before the end, and a gap in the coverage', () => {
    size = SIZE + 1;
    expect(complaints()).toEqual(['cursors']);
    mintCoverage(database, log, SIZE + 1, SIZE + 2);
    expect(complaints()).toEqual(['cursors', 'coverage']);
  });

  it('sees an open fault', () => {
    mintFault(database, log);
    expect(complaints()).toEqual(['open faults']);
  });

  it('does not count what was written to logs that are not followed', () => {
    written.push({ api: 'rekor-v1', place: '1', index: 1, leafHash: '', identity: { isWatched: true } });
    expect(complaints()).toEqual([]);
  });
});
