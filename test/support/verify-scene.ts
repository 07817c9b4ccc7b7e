import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import type { OpenDatabase } from '#db/client.ts';
import { trustRoots } from '#db/schema/source.ts';
import { configSchema } from '#lib/config/schema.ts';
import type { HashList } from '#lib/hash-list/hash-list.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { registerVersion } from '#lib/services/registration/register.ts';
import { MINT_TIME, mintBytes, mintHex } from '#test/factories.ts';
import { mintConfiguration } from '#test/state-factories.ts';
import { standardsOf } from '#test/support/standards.ts';

const TRUST = readFileSync(fileURLToPath(new URL('../fixtures/bundles/trusted_root.json', import.meta.url)));

export const SCENE_STANDARDS = standardsOf(TRUST);

export function sceneContext(database: OpenDatabase): ServiceContext {
  return { database, now: Date.now, log: pino({ level: 'silent' }) };
}

/** A database on which jobs have run: what pages verify by is in force. */
export function mintInForce(database: OpenDatabase): void {
  const config = configSchema.parse({ organisation: { name: 'Models Example', contact: 'security@models.example' } });
  const trustSha256 = createHash('sha256').update(TRUST).digest('hex');
  database.db.insert(trustRoots).values({ sha256: trustSha256, json: TRUST, firstUsedAt: MINT_TIME }).run();
  mintConfiguration(database, { trustSha256, inForce: JSON.stringify(config) });
}

/** A list of whole files by SHA-256, as our own JSON form gives it. */
export function listOf(name: string, files: Readonly<Record<string, { size: number; digest: string }>>): HashList {
  return {
    form: 'modeltrail',
    name,
    hashType: 'sha256',
    shardSize: null,
    files: Object.entries(files)
      .map(([path, { size, digest }]) => ({ path, size, digests: [{ name: path, algorithm: 'sha256', digest }] }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    leftOut: [],
    remarks: [],
  };
}

/** A list of many files, of which the first `changed` are other than in the list of none. */
export function manyFiles(name: string, count: number, changed = 0): HashList {
  const paths = Array.from({ length: count }, (_, i) => `part-${String(i).padStart(5, '0')}/weights.bin`);
  const entries = paths.map((path, i) => {
    const digest = mintHex(i < changed ? `changed ${path}` : path);
    return [path, { size: 1000 + i, digest }] as const;
  });
  return listOf(name, Object.fromEntries(entries));
}

export function registerList(database: OpenDatabase, label: string, list: HashList): void {
  const model = list.name ?? 'unnamed';
  registerVersion(sceneContext(database), { model, label, list, source: 'release-bot' }, SCENE_STANDARDS);
}

const MIB = 1024 * 1024;

/** Writes a model of these sizes in MiB, cheaply: a megabyte over and over, each numbered. Returns what it hashes to. */
export function writeModel(folder: string, sizes: Readonly<Record<string, number>>): HashList {
  const files = Object.entries(sizes).map(([path, size]) => {
    const place = join(folder, path);
    mkdirSync(dirname(place), { recursive: true });
    const hash = createHash('sha256');
    const block = mintBytes(path, MIB);
    const file = openSync(place, 'w');
    for (let i = 0; i < size; i++) {
      block.writeUInt32BE(i);
      hash.update(block);
      writeSync(file, block);
    }
    closeSync(file);
    return [path, { size: size * MIB, digest: hash.digest('hex') }] as const;
  });
  return listOf('northwind-weights', Object.fromEntries(files));
}

/** Turns one byte of a file over. */
export function flipByte(path: string, at: number): void {
  const byte = readFileSync(path).subarray(at, at + 1);
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.from([(byte[0] ?? 0) ^ 0xff]), 0, 1, at);
  closeSync(file);
}
