import { beforeEach, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '#db/client.ts';
import { createDatabase } from '#db/migrate.ts';
import { getLog } from '#lib/services/log/get.ts';
import { getFaultEvidence, getLogKey, getNote } from '#lib/services/log/get-download.ts';
import { listLogs } from '#lib/services/log/list.ts';
import { MINT_TIME, mintCheckpoint, mintCoverage, mintFault, mintLog } from '#test/factories.ts';

let database: OpenDatabase;

beforeEach(() => {
  database = createDatabase(':memory:');
});

describe('the list of logs', () => {
  it('has frozen ones first and removed ones last', async () => {
    mintLog(database, { origin: 'a.example', state: 'removed' });
    mintLog(database, { origin: 'b.example' });
    mintLog(database, { origin: 'c.example', state: 'frozen' });
    expect((await listLogs(database)).map(({ origin }) => origin)).toEqual(['c.example', 'b.example', 'a.example']);
  });

  it('tells coverage, the largest checkpoint, open faults with misbehaviour first, and how many are past', async () => {
    const log = mintLog(database);
    mintCoverage(database, log, 500, 900);
    mintCoverage(database, log, 0, 300);
    mintCheckpoint(database, log, { size: 900 });
    mintCheckpoint(database, log, { size: 300 });
    mintFault(database, log, { lastAt: MINT_TIME + 9 });
    mintFault(database, log, { code: 'inconsistent', severity: 'misbehaviour', evidence: '{}' });
    mintFault(database, log, { code: 'timeout', resolvedAt: MINT_TIME });
    const [summary] = await listLogs(database);
    expect(summary?.coverage.map(({ startIndex, endIndex }) => [startIndex, endIndex])).toEqual([
      [0, 300],
      [500, 900],
    ]);
    expect(summary?.lastCheckpoint?.size).toBe(900);
    expect(summary?.openFaults.map(({ code, hasEvidence }) => [code, hasEvidence])).toEqual([
      ['inconsistent', true],
      ['server-error', false],
    ]);
    expect(summary?.pastFaults).toBe(1);
  });
});

describe('a log', () => {
  it('has its checkpoints newest first, in pages', async () => {
    const log = mintLog(database);
    for (let size = 1; size <= 30; size++) mintCheckpoint(database, log, { size });
    const first = await getLog(database, { id: log.id });
    expect(first?.checkpoints.map(({ size }) => size)).toEqual(Array.from({ length: 25 }, (_, i) => 30 - i));
    const second = await getLog(database, { id: log.id, before: first?.olderThan ?? 0 });
    expect(second?.checkpoints.map(({ size }) => size)).toEqual([5, 4, 3, 2, 1]);
    expect(second?.olderThan).toBeNull();
  });

  it('is null where there is none', async () => {
    expect(await getLog(database, { id: 7 })).toBeNull();
  });

  it('gives evidence, notes and key as stored, and none of another log', async () => {
    const log = mintLog(database);
    const other = mintLog(database, { origin: 'other.example' });
    const fault = mintFault(database, log, { evidence: '{"held":"…"}' });
    const checkpoint = mintCheckpoint(database, log);
    expect(await getFaultEvidence(database, { logId: log.id, id: fault })).toBe('{"held":"…"}');
    expect(await getNote(database, { logId: log.id, id: checkpoint.id })).toBe(checkpoint.note);
    expect(Buffer.from((await getLogKey(database, { id: log.id })) ?? [])).toEqual(log.publicKey);
    expect(await getFaultEvidence(database, { logId: other.id, id: fault })).toBeNull();
    expect(await getNote(database, { logId: other.id, id: checkpoint.id })).toBeNull();
  });
});
