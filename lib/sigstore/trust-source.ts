import { hash } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { initTUF, TUFError } from '@sigstore/tuf';
import { TrustError } from './trust-error.ts';
import { parseTrustedRoot, type TrustedRoot } from './trusted-root.ts';
import {
  type CachedTarget,
  readSigningConfigs,
  readTufExpiry,
  SIGNING_CONFIG_TARGETS,
  tufFolder,
} from './tuf-cache.ts';
import { PUBLIC_GOOD_MIRROR, seededTrustedRoot } from './tuf-seed.ts';
import { utc } from './validity.ts';

/** Where the trust root comes from: a file, or a TUF repository, where not said that of the public-good Sigstore. */
export type TrustSource =
  | { readonly file: string }
  | {
      readonly tuf: {
        /** Folder for the TUF metadata and targets; made where missing. */
        readonly cacheDirectory: string;
        readonly mirror?: string;
        /** Path of the mirror's first root.json; needed for any mirror but the public-good one. */
        readonly rootPath?: string;
        /** Milliseconds for the whole update. */
        readonly timeout?: number;
      };
    };

/** A trust root with where it comes from. */
export interface LoadedTrust {
  readonly root: TrustedRoot;
  /** The trusted_root.json itself, byte for byte. */
  readonly json: Buffer;
  /** Of it, lowercase hex. */
  readonly sha256: string;
  /** `tuf-seed`: as shipped with @sigstore/tuf, because neither the network nor the cache gave a newer one. */
  readonly source: 'tuf' | 'tuf-seed' | 'file';
  /** Milliseconds since the epoch; null for the seed, which was never fetched. */
  readonly fetchedAt: number | null;
  /** When the TUF metadata in use runs out, in ms since the epoch; null where there is none, as with a file. */
  readonly expiresAt: number | null;
  /** The signing configurations that the TUF repository has, not read yet; none without TUF. */
  readonly signingConfigs: readonly CachedTarget[];
  /** Why it is not as fresh as it should be, for people; null where it is. */
  readonly problem: string | null;
}

export interface LoadTrustOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Fetches trusted_root.json from a TUF repository; @sigstore/tuf where not given. */
  readonly fetchTarget?: (mirror: string, tuf: TufOptions) => Promise<string>;
}

type TufOptions = Extract<TrustSource, { tuf: unknown }>['tuf'];

type LoadedRoot = Omit<LoadedTrust, 'expiresAt' | 'signingConfigs'>;

const NO_TUF = { expiresAt: null, signingConfigs: [] };
const TARGET = 'trusted_root.json';
const DEFAULT_TIMEOUT = 20_000;

/**
 * Loads the trust root. A TUF repository that cannot be reached is stood in for by the copy it gave last, then by the
 * one shipped with @sigstore/tuf; `problem` says so.
 *
 * @throws {TrustError} where there is none, or it is not usable.
 */
export async function loadTrust(trust: TrustSource, options: LoadTrustOptions): Promise<LoadedTrust> {
  if ('file' in trust) return { ...(await loadFile(trust.file, options.now)), ...NO_TUF };
  const { tuf } = trust;
  const mirror = tuf.mirror ?? PUBLIC_GOOD_MIRROR;
  const root = await loadFromTuf(mirror, tuf, options);
  const folder = tufFolder(tuf.cacheDirectory, mirror);
  return { ...root, expiresAt: await readTufExpiry(folder), signingConfigs: await readSigningConfigs(folder) };
}

async function loadFromTuf(mirror: string, tuf: TufOptions, options: LoadTrustOptions): Promise<LoadedRoot> {
  let problem: string;
  try {
    const fetchTarget = options.fetchTarget ?? fetchFromTuf;
    const json = await within(tuf.timeout ?? DEFAULT_TIMEOUT, mirror, fetchTarget(mirror, tuf));
    return loaded(Buffer.from(json), 'tuf', options.now, null);
  } catch (error) {
    problem = `The trust root could not be updated from ${mirror}: ${describe(error)}.`;
  }
  return (await loadCached(mirror, tuf, problem)) ?? loadSeed(mirror, problem);
}

async function loadFile(path: string, now: number): Promise<LoadedRoot> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new TrustError(
      'unreachable',
      `The trust root ${path} cannot be read: ${describe(error)}. Correct trust.file.`,
    );
  }
  return loaded(bytes, 'file', now, null);
}

async function fetchFromTuf(mirror: string, tuf: TufOptions): Promise<string> {
  const timeout = Math.min(tuf.timeout ?? DEFAULT_TIMEOUT, 10_000);
  const client = await initTUF({
    mirrorURL: mirror,
    cachePath: tuf.cacheDirectory,
    timeout,
    retry: { retries: 1 },
    ...(tuf.rootPath !== undefined && { rootPath: tuf.rootPath }),
  });
  const json = await client.getTarget(TARGET);
  await Promise.all(SIGNING_CONFIG_TARGETS.map((name) => fetchSigningConfig(client, mirror, tuf, name)));
  return json;
}

/**
 * Has TUF store a signing configuration as it is now. One that the repository has no longer must not stay behind; one that
 * cannot be fetched stays as it was, for the trust root does not hang on it.
 */
async function fetchSigningConfig(
  client: Awaited<ReturnType<typeof initTUF>>,
  mirror: string,
  { cacheDirectory }: TufOptions,
  name: string,
): Promise<void> {
  try {
    await client.getTarget(name);
  } catch (error) {
    if (!(error instanceof TUFError) || error.code !== 'TUF_FIND_TARGET_ERROR') return;
    await rm(join(tufFolder(cacheDirectory, mirror), 'targets', name), { force: true });
  }
}

/** What TUF verified and stored when it last succeeded. The seed is put in the same place, and is told apart. */
async function loadCached(mirror: string, tuf: TufOptions, problem: string): Promise<LoadedRoot | null> {
  const path = join(tufFolder(tuf.cacheDirectory, mirror), 'targets', TARGET);
  try {
    const [bytes, { mtimeMs }] = await Promise.all([readFile(path), stat(path)]);
    if (seededTrustedRoot(mirror)?.equals(bytes)) return null;
    const fetchedAt = Math.trunc(mtimeMs);
    return loaded(bytes, 'tuf', fetchedAt, `${problem} The copy of ${utc(fetchedAt)} stays in force.`);
  } catch {
    return null;
  }
}

function loadSeed(mirror: string, problem: string): LoadedRoot {
  const seed = seededTrustedRoot(mirror);
  if (seed) return loaded(seed, 'tuf-seed', null, `${problem} The one shipped with @sigstore/tuf is in force.`);
  throw new TrustError(
    'unreachable',
    `${problem} No copy of it is held. Check the network, or name a trusted_root.json under trust.file.`,
  );
}

function loaded(
  bytes: Buffer,
  source: LoadedTrust['source'],
  fetchedAt: number | null,
  problem: string | null,
): LoadedRoot {
  return { root: parseTrustedRoot(bytes), json: bytes, sha256: hash('sha256', bytes), source, fetchedAt, problem };
}

/** The library bounds each request, not their number. */
async function within<T>(milliseconds: number, mirror: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${mirror} did not answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

function describe(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  const message = error instanceof Error ? error.message : String(error);
  const why = cause instanceof Error && cause.message !== message ? `${message} (${cause.message})` : message;
  return why.slice(0, 300).replace(/\.$/, '');
}
