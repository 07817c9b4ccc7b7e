import { FetchError } from '#lib/rekor/fetch-error.ts';
import type { HttpReader } from '#lib/rekor/http.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import { consistencyProofRanges } from '#lib/tlog/proof.ts';
import { parseAnswer, readHash, readList, readMap } from './answer.ts';
import { type EntryAnswer, readEntryAnswer } from './entry-answer.ts';
import { type LogInfo, readLogInfo } from './log-info.ts';

/** The server answers at most so many entries at once (`maxSearchQueries` of Rekor). */
export const ENTRIES_PER_REQUEST = 10;

const MAX_LOG_INFO = 4 * 1024 * 1024;
const MAX_PROOF = 64 * 1024;
const MAX_ENTRY = 32 * 1024 * 1024;
const MAX_ENTRIES = 8 * 1024 * 1024;

/** A Rekor v1 server: what it answers is read strictly, and believed by nobody here. */
export class RekorV1Api {
  readonly #http: HttpReader;
  readonly #base: string;

  constructor(http: HttpReader, readUrl: string) {
    this.#http = http;
    this.#base = readUrl.replace(/\/+$/, '');
  }

  /** All trees of the server. @throws {FetchError | LogDataError} */
  async log(signal?: AbortSignal): Promise<LogInfo> {
    return readLogInfo(await this.#http.get(`${this.#base}/api/v1/log`, MAX_LOG_INFO, signal));
  }

  /** The hashes of a consistency proof, as many as such a proof has. @throws {FetchError | LogDataError} */
  async consistencyProof(treeId: string, first: number, last: number, signal?: AbortSignal): Promise<Uint8Array[]> {
    const expected = consistencyProofRanges(first, last).length;
    if (expected === 0) return [];
    const what = `The consistency proof from ${first} to ${last} of tree ${treeId}`;
    const url = `${this.#base}/api/v1/log/proof?firstSize=${first}&lastSize=${last}&treeID=${treeId}`;
    const answer = readMap(parseAnswer(await this.#http.get(url, MAX_PROOF, signal), what), what);
    const hashes = readList(answer.hashes, `${what}: hashes`, 128).map((hash, i) => readHash(hash, `${what}[${i}]`));
    if (hashes.length === expected) return hashes;
    throw new LogDataError('bad-proof', `${what} has ${expected} hashes, and the server gave ${hashes.length}.`);
  }

  /**
   * Entries by their global indices, in the order asked for. What the server leaves out is asked for once more, one by one.
   *
   * @throws {FetchError}
   * @throws {LogDataError} `missing-entries` where one is still missing; `entry-mismatch` for one that was not asked for.
   */
  async entries(indices: readonly number[], signal?: AbortSignal): Promise<EntryAnswer[]> {
    const found = await this.#retrieve(indices, signal);
    const entries: EntryAnswer[] = [];
    for (const index of indices) entries.push(found.get(index) ?? (await this.entry(index, signal)));
    return entries;
  }

  /** @throws {FetchError | LogDataError} */
  async entry(index: number, signal?: AbortSignal): Promise<EntryAnswer> {
    const what = `The entry with the global index ${index}`;
    const url = `${this.#base}/api/v1/log/entries?logIndex=${index}`;
    const bytes = await this.#http.get(url, MAX_ENTRY, signal).catch((error: unknown) => {
      if (error instanceof FetchError && error.code === 'not-found') throw missing(index);
      throw error;
    });
    const answer = readEntryAnswer(parseAnswer(bytes, what), what);
    if (answer.globalIndex === index) return answer;
    throw new LogDataError('entry-mismatch', `${what} was asked for, and the server gave ${answer.globalIndex}.`);
  }

  async #retrieve(indices: readonly number[], signal?: AbortSignal): Promise<Map<number, EntryAnswer>> {
    const what = `The entries ${indices[0]} to ${indices.at(-1)}`;
    const found = new Map<number, EntryAnswer>();
    const bytes = await this.#http
      .post(`${this.#base}/api/v1/log/entries/retrieve`, { logIndexes: indices }, MAX_ENTRIES, signal)
      .catch((error: unknown) => {
        // Ten large ones at once: each has room of its own when asked for alone.
        if (error instanceof FetchError && error.code === 'too-large') return null;
        throw error;
      });
    if (bytes === null) return found;
    for (const value of readList(parseAnswer(bytes, what), what, indices.length)) {
      const entry = readEntryAnswer(value, what);
      const { globalIndex } = entry;
      if (!indices.includes(globalIndex)) {
        throw new LogDataError('entry-mismatch', `${what} were asked for, and the server gave ${globalIndex} too.`);
      }
      if (found.has(globalIndex)) {
        throw new LogDataError('entry-mismatch', `${what} were asked for, and the server gave ${globalIndex} twice.`);
      }
      found.set(globalIndex, entry);
    }
    return found;
  }
}

function missing(index: number): LogDataError {
  return new LogDataError(
    'missing-entries',
    `The log signed a tree that has an entry with the global index ${index}, and its server does not give it, though asked twice.`,
    { 'global index': String(index) },
  );
}
