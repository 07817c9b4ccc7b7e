import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDataTile } from '#lib/ct/data-tile.ts';
import { encodeMerkleLeaf, parseMerkleLeaf } from '#lib/ct/merkle-leaf.ts';
import { leafIndexOf, parseSctList } from '#lib/ct/sct-list.ts';
import { staticCtLogReader, staticCtSource } from '#lib/ct/static-log.ts';
import { TlsError, uintBytes, vectorBytes } from '#lib/ct/tls-reader.ts';
import { treeHeadBytes } from '#lib/ct/tree-head.ts';
import { HttpReader } from '#lib/rekor/http.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import { TAKE_ALL } from '#lib/rekor/log-reader.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { encodeBase64 } from '#lib/tlog/base64.ts';
import { CompactRange } from '#lib/tlog/compact-range.ts';
import { parseEntryBundle } from '#lib/tlog/entry-bundle.ts';
import { formatNote } from '#lib/tlog/note.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { MintedLog } from '#test/support/minted-log.ts';
import { RECORDED } from '#test/support/recorded-ct.ts';

const ORIGIN = 'ct.example/2026';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const logId = createHash('sha256')
  .update(publicKey.export({ type: 'spki', format: 'der' }))
  .digest();
const TIMESTAMP = Date.UTC(2026, 0, 1);
const KEY = { origin: ORIGIN, key: publicKey, logId: logId.toString('hex') };

/** As the log serves an entry: with what is not part of its tree. */
function tileLeaf(leaf: Uint8Array): Buffer {
  const isPrecertificate = parseMerkleLeaf(leaf).kind === 'precertificate';
  return Buffer.concat([
    leaf.subarray(2),
    isPrecertificate ? vectorBytes(Buffer.from('the precertificate'), 3) : Buffer.alloc(0),
    vectorBytes(Buffer.alloc(64, 1), 2),
  ]);
}

interface SignedAs {
  readonly timestamp?: number;
  readonly extensions?: readonly string[];
  readonly origin?: string;
  readonly signedRoot?: Uint8Array;
}

function checkpointOf(log: MintedLog, as: SignedAs = {}): Buffer {
  const { timestamp = TIMESTAMP, extensions = [], origin = ORIGIN, signedRoot = log.root() } = as;
  const text = `${[origin, log.size, encodeBase64(log.root()), ...extensions].join('\n')}\n`;
  const signature = sign('sha256', treeHeadBytes({ timestamp, size: log.size, root: signedRoot }), privateKey);
  const body = Buffer.concat([uintBytes(TIMESTAMP, 8), Buffer.from([4, 3]), vectorBytes(signature, 2)]);
  const keyId = createHash('sha256').update(`${ORIGIN}\n\x05`).update(logId).digest().readUInt32BE(0);
  return Buffer.from(formatNote(Buffer.from(text), [{ name: ORIGIN, keyId, signature: body }]));
}

let log: MintedLog;
let server: AnsweringServer;
let http: HttpReader;
let checkpoint: Buffer;
let dataTile: (index: number) => Buffer;

beforeEach(async () => {
  const leaves = Array.from({ length: 600 }, (_, i) => RECORDED.leaves[i % RECORDED.leaves.length] ?? Buffer.alloc(0));
  const plain = encodeMerkleLeaf({
    timestamp: 5,
    der: Buffer.from('a certificate'),
    issuerKeyHash: null,
    extensions: Buffer.from('0000050000000001', 'hex'),
  });
  log = new MintedLog(ORIGIN).add(...leaves, plain);
  checkpoint = checkpointOf(log);
  dataTile = (index) => Buffer.concat(log.entries.slice(index * 256, index * 256 + 256).map(tileLeaf));
  server = await AnsweringServer.start();
  server.answer = ({ path }) => {
    if (path === '/mon/checkpoint') return { body: checkpoint };
    const [, level, index] = /^\/mon\/tile\/(data|\d)\/(\d{3})(?:\.p\/\d+)?$/.exec(path) ?? [];
    if (level === undefined) return undefined;
    const n = Number(index);
    // Compressed as servers do, unasked.
    if (level === 'data')
      return n % 2 === 0
        ? { body: gzipSync(dataTile(n)), headers: { 'content-encoding': 'gzip' } }
        : { body: dataTile(n) };
    return { body: log.tile(Number(level), n) };
  };
  http = new HttpReader({ userAgent: 'test', connections: 4, attempts: 1 });
});
afterEach(async () => {
  await http.close();
  await server.stop();
});

const reader = () => staticCtLogReader(KEY, staticCtSource(http, `${server.url}/mon/`));

async function readAll() {
  const view = await reader().open(await reader().head());
  const range = CompactRange.empty(nodeSha256);
  const read: Buffer[] = [];
  for await (const { kept } of view.read(range, view.size, { picker: TAKE_ALL, parallel: 4 })) {
    read.push(...kept.map(({ bytes }) => Buffer.from(bytes)));
  }
  return { range, read };
}

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: unknown) => (error instanceof LogDataError ? error.code : String(error)),
  );

describe('a static certificate log', () => {
  it('is read tile by tile to its signed root: its entries are the leaves, without what stands beside them', async () => {
    const { range, read } = await readAll();
    expect(Buffer.from(range.root())).toEqual(Buffer.from(log.root()));
    expect(read).toEqual(log.entries.map((leaf) => Buffer.from(leaf)));
  });

  it('says when it signed its head', async () => {
    expect(await reader().head()).toMatchObject({ size: 601, signedAt: TIMESTAMP });
  });

  it('gives one entry by the index in its timestamp, bound to the tree', async () => {
    const view = await reader().open(await reader().head());
    const { extensions } = parseMerkleLeaf(log.entries[600] ?? new Uint8Array());
    expect(leafIndexOf(extensions)).toBe(1);
    expect(Buffer.from((await view.entry(600)).bytes)).toEqual(Buffer.from(log.entries[600] ?? []));
  });

  it.each<[string, SignedAs, string]>([
    ['whose signature covers another root', { signedRoot: Buffer.alloc(32) }, 'bad-signature'],
    ['whose signature covers another time', { timestamp: 1 }, 'bad-signature'],
    ['with a line that the signature does not cover', { extensions: ['more'] }, 'bad-signature'],
    ['of another log', { origin: 'other.example' }, 'wrong-origin'],
  ])('is refused with a checkpoint %s', async (_, as, expected) => {
    checkpoint = checkpointOf(log, as);
    expect(await code(reader().head())).toBe(expected);
  });

  it('is refused with an entry that is not under its root, or a tile that is none', async () => {
    const honest = dataTile;
    dataTile = (index) => (index === 1 ? honest(0) : honest(index));
    expect(await code(readAll())).toBe('entry-mismatch');
    dataTile = (index) => honest(index).subarray(0, -1);
    expect(await code(readAll())).toBe('malformed-bundle');
  });
});

describe('readDataTile', () => {
  it('does not unzip without end', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    expect(await code(readDataTile(bomb))).toBe('malformed-bundle');
  });

  it('refuses broken archives and other bytes as malformed, and never fails in another way', async () => {
    const good = dataTile(0);
    expect(parseEntryBundle(await readDataTile(good), 256)).toHaveLength(256);
    expect(await code(readDataTile(gzipSync(good).subarray(0, 500)))).toBe('malformed-bundle');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        expect(await code(readDataTile(bytes))).toBe('malformed-bundle');
      }),
    );
  });
});

describe('parseSctList', () => {
  it('reads timestamps, and refuses lists that are cut short or too long', () => {
    const sct = Buffer.concat([
      Buffer.from([0]),
      logId,
      uintBytes(7, 8),
      vectorBytes(Buffer.from('0000050000000102', 'hex'), 2),
      Buffer.from([4, 3]),
      vectorBytes(Buffer.from('signature'), 2),
    ]);
    const list = vectorBytes(Buffer.concat([vectorBytes(sct, 2), vectorBytes(sct, 2)]), 2);
    const read = parseSctList(list);
    expect(read).toMatchObject([
      { logId: KEY.logId, timestamp: 7 },
      { logId: KEY.logId, timestamp: 7 },
    ]);
    expect(leafIndexOf(read[0]?.extensions ?? new Uint8Array())).toBe(258);
    for (let at = 0; at < list.length; at++) expect(() => parseSctList(list.subarray(0, at))).toThrow(TlsError);
    const many = vectorBytes(Buffer.concat(Array.from({ length: 33 }, () => vectorBytes(sct, 2))), 2);
    expect(() => parseSctList(many)).toThrow(TlsError);
  });
});
