import type { HttpReader } from '#lib/rekor/http.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import { decodeBase64 } from '#lib/tlog/base64.ts';
import { HASH_BYTES } from '#lib/tlog/hash.ts';
import { isSize } from '#lib/tlog/size.ts';
import { MAX_TREE_HEAD_BYTES } from './tree-head.ts';

/** An entry with its place, as the server says it. Nothing is proved of it yet. */
export interface EntryAndProof {
  readonly leaf: Uint8Array;
  readonly hashes: Uint8Array[];
}

/** The reading half of RFC 6962, 4. Nothing that it gives is trusted. */
export interface CtClient {
  treeHead(signal?: AbortSignal): Promise<Uint8Array>;
  /** Between 1 and `end - from` leaves from index `from` on: servers answer with as many as they like. */
  leaves(from: number, end: number, signal?: AbortSignal): Promise<Uint8Array[]>;
  consistencyProof(first: number, second: number, signal?: AbortSignal): Promise<Uint8Array[]>;
  entryAndProof(index: number, size: number, signal?: AbortSignal): Promise<EntryAndProof>;
  proofByHash(
    leafHash: Uint8Array,
    size: number,
    signal?: AbortSignal,
  ): Promise<{ index: number; hashes: Uint8Array[] }>;
}

/** What one answer with entries may have: their chains, which we do not want, come along. */
export const MAX_ENTRIES_ANSWER = 32 * 1024 * 1024;
/** One leaf has at most 2^24 bytes of certificate; none that is honest has more than a few thousand. */
const MAX_ENTRY_ANSWER = 8 * 1024 * 1024;
const MAX_PROOF_ANSWER = 64 * 1024;
/** A tree of 2^53 leaves has no longer proof. */
const MAX_HASHES = 106;

type Json = Readonly<Record<string, unknown>>;

/** @param url the log's address: what `/ct/v1/…` stands behind. */
export function ctClient(http: HttpReader, url: string): CtClient {
  const base = `${url.replace(/\/+$/, '')}/ct/v1`;

  async function ask(path: string, limit: number, signal?: AbortSignal): Promise<Json> {
    const bytes = await http.get(`${base}/${path}`, limit, signal);
    try {
      const json: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
      if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    throw malformed(path, 'is no JSON object');
  }

  return {
    treeHead: (signal) => http.get(`${base}/get-sth`, MAX_TREE_HEAD_BYTES, signal),
    async leaves(from, end, signal) {
      const path = `get-entries?start=${from}&end=${end - 1}`;
      const { entries } = await ask(path, MAX_ENTRIES_ANSWER, signal);
      if (!Array.isArray(entries)) throw malformed(path, 'has no list of entries');
      if (entries.length === 0) throw malformed(path, 'has none of the entries');
      if (entries.length > end - from) throw malformed(path, `has ${entries.length} entries, more than were asked for`);
      return entries.map((entry: unknown) => leafOf(entry, path));
    },
    async consistencyProof(first, second, signal) {
      const path = `get-sth-consistency?first=${first}&second=${second}`;
      return hashesOf((await ask(path, MAX_PROOF_ANSWER, signal)).consistency, path);
    },
    async entryAndProof(index, size, signal) {
      const path = `get-entry-and-proof?leaf_index=${index}&tree_size=${size}`;
      const answer = await ask(path, MAX_ENTRY_ANSWER, signal);
      return { leaf: leafOf(answer, path), hashes: hashesOf(answer.audit_path, path) };
    },
    async proofByHash(leafHash, size, signal) {
      const hash = encodeURIComponent(Buffer.from(leafHash).toString('base64'));
      const path = `get-proof-by-hash?hash=${hash}&tree_size=${size}`;
      const { leaf_index: index, audit_path } = await ask(path, MAX_PROOF_ANSWER, signal);
      if (typeof index !== 'number' || !isSize(index)) throw malformed(path, 'has no index', 'bad-proof');
      return { index, hashes: hashesOf(audit_path, path) };
    },
  };
}

function leafOf(entry: unknown, path: string): Uint8Array {
  const leaf = typeof entry === 'object' && entry !== null && 'leaf_input' in entry ? entry.leaf_input : null;
  if (typeof leaf !== 'string') throw malformed(path, 'has an entry without a leaf_input');
  // What the platform reads leniently here is bound by its hash before anybody looks at it.
  return Buffer.from(leaf, 'base64');
}

/** An empty list stands as null in answers of Go servers. */
function hashesOf(value: unknown, path: string): Uint8Array[] {
  if (value === null) return [];
  if (!Array.isArray(value) || value.length > MAX_HASHES) throw malformed(path, 'has no list of hashes', 'bad-proof');
  return value.map((item: unknown) => {
    const hash = typeof item === 'string' && item.length === 44 ? decodeHash(item) : null;
    if (hash?.length !== HASH_BYTES) throw malformed(path, 'has a hash that is none', 'bad-proof');
    return hash;
  });
}

function decodeHash(text: string): Uint8Array | null {
  try {
    return decodeBase64(text);
  } catch {
    return null;
  }
}

function malformed(
  path: string,
  why: string,
  code: 'bad-proof' | 'malformed-bundle' = 'malformed-bundle',
): LogDataError {
  return new LogDataError(code, `The answer to ${path} ${why}.`);
}
