import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '#lib/config/load.ts';
import { serversToFollow } from '#lib/services/log/rekor-v1-servers.ts';
import { ShardError, shardsToFollow } from '#lib/services/log/shards.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';

// A trust root with one Rekor v1 at http://rekor1.localhost:38010 and one Rekor v2.
const FIXTURE = fileURLToPath(new URL('../../../fixtures/rekor-v1-tail/trusted_root.json', import.meta.url));
const root = parseTrustedRoot(readFileSync(FIXTURE));

const logsOf = (logs: string) =>
  parseConfig(Buffer.from(`organisation: { name: T, contact: a@b.example }\nlogs: ${logs}\n`), '/modeltrail.yaml')
    .config.logs;
const servers = (logs: string) =>
  serversToFollow(logsOf(logs), root).map(({ instance, readUrl, reading, start }) => ({
    instance,
    readUrl,
    reading,
    start,
  }));
const ITS_OWN = { instance: 'rekor1.localhost:38010', readUrl: 'http://rekor1.localhost:38010' };

describe('the Rekor v1 servers to follow', () => {
  it('are those of the trust root, by their heads unless the configuration asks for entries', () => {
    expect(servers('{}')).toEqual([{ ...ITS_OWN, reading: 'index', start: 'end' }]);
    expect(servers('{ rekor-v1: entries, start: 0 }')).toEqual([{ ...ITS_OWN, reading: 'entries', start: 0 }]);
    expect(servers('{ rekor-v1: off }')).toEqual([]);
    expect(servers('{ discover: false }')).toEqual([]);
  });

  it.each(['rekor1.localhost', 'rekor1.localhost:38010'])('are told what is said of them under %s', (name) => {
    const list = `[{ origin: '${name}', url: 'http://127.0.0.1:9', start: 7, reading: entries }]`;
    const told = [{ instance: ITS_OWN.instance, readUrl: 'http://127.0.0.1:9', reading: 'entries', start: 7 }];
    expect(servers(`{ list: ${list} }`)).toEqual(told);
    expect(servers(`{ discover: false, list: ${list} }`)).toEqual(told);
    expect(servers(`{ rekor-v1: off, list: ${list} }`)).toEqual(told);
  });

  it('are no shards of Rekor v2, and shards are not told how to be read', () => {
    const list = (origin: string) => `{ list: [{ origin: ${origin}, reading: entries }] }`;
    expect(shardsToFollow(logsOf(list('rekor1.localhost')), root).map(({ origin }) => origin)).toEqual([
      'rekor2.localhost',
    ]);
    expect(() => shardsToFollow(logsOf(list('rekor2.localhost')), root)).toThrow(ShardError);
  });
});
