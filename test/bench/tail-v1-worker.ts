// One measurement in a process of its own: told what to do by a message, answers with what it measured.
import { createPublicKey, hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { Agent, request } from 'undici';
import { createDatabase } from '#db/migrate.ts';
import { NO_POLICIES } from '#lib/provenance/expected-signer.ts';
import { HttpReader } from '#lib/rekor/http.ts';
import { RekorV1Api } from '#lib/rekor-v1/api.ts';
import { REKOR_V1 } from '#lib/rekor-v1/entry-format.ts';
import { rekorV1Reader } from '#lib/rekor-v1/tree-reader.ts';
import { followServer } from '#lib/services/log/follow-server.ts';
import { rekorTail } from '#lib/services/log/rekor-tail.ts';
import { judgeCertificate } from '#lib/sigstore/authenticity.ts';
import type { LogKey } from '#lib/sigstore/log-key.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { compileRules, type WatchRule } from '#lib/watch/rule.ts';

export interface MeasurementV1 {
  readonly mode: 'bare' | 'tail';
  readonly url: string;
  readonly folder: string;
  readonly treeId: string;
  /** Of the tree, as the baseline has it; others may write while it is read. */
  readonly size: number;
  readonly offset: number;
  readonly from: number;
  readonly parallel: number;
  /** PEM, as the server gives it. */
  readonly publicKey: string;
}

export interface MeasuredV1 {
  readonly seconds: number;
  readonly peakMemoryMB: number;
  readonly processorSeconds: number;
}

/** Nobody in the stack's logs meets them: of a public log hardly an entry in a million is one's own. */
const RULES: readonly WatchRule[] = [
  { name: 'watched', own: true, identity: { exact: 'release-bot@bench.example' } },
  { name: 'workflows', own: true, identity: { glob: 'https://github.com/bench-example/**' } },
  { name: 'pattern', own: false, identity: { pattern: 'https://gitlab\\.com/bench-example/.+' } },
];

process.once('message', async (measurement: MeasurementV1) => {
  const seconds = await (measurement.mode === 'bare' ? fetchBare(measurement) : tail(measurement));
  const { user, system } = process.cpuUsage();
  process.send?.({
    seconds,
    peakMemoryMB: Math.round(process.resourceUsage().maxRSS / 1024),
    processorSeconds: (user + system) / 1e6,
  } satisfies MeasuredV1);
});

/** Every entry, ten a request, `parallel` requests at a time, read to the end and dropped. */
async function fetchBare({ url, from, size, offset, parallel }: MeasurementV1): Promise<number> {
  const dispatcher = new Agent({ connections: parallel });
  const began = performance.now();
  let next = from;
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      for (let first = next; first < size; first = next) {
        next += 10;
        const logIndexes = Array.from({ length: Math.min(10, size - first) }, (_, i) => offset + first + i);
        const { body, statusCode } = await request(`${url}/api/v1/log/entries/retrieve`, {
          dispatcher,
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ logIndexes }),
        });
        if (statusCode !== 200) throw new Error(`the server answered ${statusCode}`);
        for await (const piece of body) void piece;
      }
    }),
  );
  return (performance.now() - began) / 1000;
}

/** The product's own round on the server, with a database on disk, rules, and a real trust root; from the same index. */
async function tail({ url, folder, treeId, from, size, parallel, publicKey }: MeasurementV1): Promise<number> {
  const root = parseTrustedRoot(readFileSync(new URL('../fixtures/story/trusted_root.json', import.meta.url)));
  const database = createDatabase(join(folder, `bench-${process.pid}.db`));
  const ctx = { database, now: Date.now, log: pino({ level: 'warn' }) };
  const http = new HttpReader({ userAgent: 'Modeltrail benchmark', connections: parallel });
  const api = new RekorV1Api(http, url);
  const key = await serverKey(api, treeId, publicKey);
  const keys = [key];
  const matcher = compileRules(RULES);
  const began = performance.now();
  const { trees } = await followServer(ctx, {
    server: { instance: key.origin, names: key.names, keys, api, readUrl: url, reading: 'entries', start: from },
    readerOf: ({ origin, treeId: id, indexOffset }) =>
      rekorV1Reader({ origin, treeId: id ?? '', indexOffset, keys, api }),
    tailOf: (reader) =>
      rekorTail(ctx, {
        reader,
        format: REKOR_V1,
        rules: RULES,
        matcher,
        policies: NO_POLICIES,
        judge: (certificate, seenAt) => judgeCertificate(certificate, root, { seenAt }),
      }),
    parallel,
  });
  const seconds = (performance.now() - began) / 1000;
  const read = trees.find(({ origin }) => origin.endsWith(` - ${treeId}`));
  if (read?.outcome !== 'grown' || read.entries < size - from) {
    const faults = database.sqlite.prepare('SELECT code, message FROM log_faults').all();
    throw new Error(`the tail gave ${JSON.stringify(trees)}: ${JSON.stringify(faults)}`);
  }
  await http.close();
  database.close();
  // Others may have written meanwhile: what was read beyond the baseline's end is not counted against the tail.
  return (seconds * (size - from)) / read.entries;
}

/** The key under the name that the server's own head carries: a benchmark has no trust root of that server. */
async function serverKey(api: RekorV1Api, treeId: string, pem: string): Promise<LogKey> {
  const { active } = await api.log();
  const [name = ''] = active.note.split(` - ${treeId}\n`, 1);
  const key = createPublicKey(pem);
  const spkiDer = key.export({ type: 'spki', format: 'der' });
  return {
    origin: name,
    names: [name],
    baseUrl: `http://${name}`,
    logId: hash('sha256', spkiDer),
    keyDetails: 'PKIX_ECDSA_P256_SHA_256',
    spkiDer,
    rawKey: null,
    api: 'rekor-v1',
    key,
    validFrom: 0,
    validUntil: null,
  };
}
