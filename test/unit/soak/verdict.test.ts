import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase } from '#db/migrate.ts';
import { type LogRow, mintCheckpoint, mintCoverage, mintEvent, mintFault, mintHex, mintLog } from '#test/factories.ts';
import { SoakDatabase } from '#test/soak/database.ts';
import { judge } from '#test/soak/verdict.ts';
import type { Written } from '#test/soak/writer.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';
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
let server: AnsweringServer;
let database: ReturnType<typeof createDatabase>;
let log: LogRow;
let written: Written[];
let unconfirmed: Set<string>;

beforeEach(async () => {
  folder = temporaryFolder();
  server = await AnsweringServer.start();
  server.answer = () => ({ body: `log.example\n${SIZE}\nroot\n\n— log.example sig\n` });
  database = createDatabase(join(folder.path, 'soak.db'));
  log = mintLog(database, { origin: 'log.example', readUrl: server.url, verifiedSize: SIZE });
  mintCoverage(database, log, 0, SIZE);
  written = [];
  unconfirmed = new Set();
  write(10);
  write(20);
  write(30, false);
});

afterEach(async () => {
  database.close();
  await server.stop();
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
async function complaints(): Promise<string[]> {
  const verdicts = await judge(new SoakDatabase(join(folder.path, 'soak.db')), { written, unconfirmed }, []);
  return verdicts.filter(({ ok }) => ok === false).map(({ what }) => what.replace('log.example: ', ''));
}

describe('the verdict of the soak', () => {
  it('finds nothing wrong where every watched entry is an event once', async () => {
    expect(await complaints()).toEqual([]);
  });

  it('misses an entry that is no event', async () => {
    written.push({
      api: 'rekor-v2',
      place: 'log.example',
      index: 40,
      leafHash: mintHex('lost'),
      identity: { isWatched: true },
    });
    expect(await complaints()).toEqual(['watched entries that are events']);
  });

  it('sees an entry that is an event at two indices', async () => {
    store(41, mintHex('leaf 10'));
    expect(await complaints()).toEqual([
      'entries that are events twice',
      'events of watched signers that nobody wrote',
    ]);
  });

  it('sees an event that nobody wrote, unless its writing was not confirmed', async () => {
    store(42, mintHex('foreign'), 'ab');
    expect(await complaints()).toEqual(['events of watched signers that nobody wrote']);
    unconfirmed.add('ab');
    expect(await complaints()).toEqual([]);
  });

  it('sees a log that has grown beyond the cursors, and a gap in the coverage', async () => {
    server.answer = () => ({ body: `log.example\n${SIZE + 1}\nroot\n\n— log.example sig\n` });
    expect(await complaints()).toEqual(['cursors', 'coverage']);
  });

  it('sees an open fault', async () => {
    mintFault(database, log);
    expect(await complaints()).toEqual(['open faults']);
  });

  it('does not count what was written to logs that are not followed', async () => {
    written.push({ api: 'rekor-v1', place: '1', index: 1, leafHash: '', identity: { isWatched: true } });
    expect(await complaints()).toEqual([]);
  });
});
