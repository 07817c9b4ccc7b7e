import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { ctClient } from '#lib/ct/ct-client.ts';
import { ctLogReader } from '#lib/ct/ct-log.ts';
import { encodeMerkleLeaf } from '#lib/ct/merkle-leaf.ts';
import { treeHeadBytes } from '#lib/ct/tree-head.ts';
import { HttpReader } from '#lib/rekor/http.ts';
import type { LogReader } from '#lib/rekor/log-reader.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { CompactRange } from '#lib/tlog/compact-range.ts';
import { hashLeaf, hashNode } from '#lib/tlog/hash.ts';
import { makeConsistencyProof, makeInclusionProof } from '#lib/tlog/proof.ts';
import { AnsweringServer, type GivenAnswer } from './answering-server.ts';

/** Ways in which a minted certificate log can go wrong. All of them off: an honest one. */
export interface Misbehaviour {
  /** The most entries an answer has; a server's own limit, and no fault. */
  limit: number;
  /** Answers with as many entries more than were asked for. */
  tooMany: number;
  /** Answers with no entries. */
  noEntries: boolean;
  /** Gives the entries of an answer in the wrong order. */
  reversed: boolean;
  /** Gives another entry in place of this one. */
  swapped: number | null;
  /** Signs this root in place of the tree's. */
  root: Uint8Array | null;
  /** Answers with the head of an earlier size. */
  size: number | null;
  /** Signs with another key. */
  forged: boolean;
  /** Says of every leaf that it does not have it. */
  hidden: boolean;
  /** Gives proofs of other hashes. */
  badProofs: boolean;
}

const HONEST: Misbehaviour = {
  limit: 1000,
  tooMany: 0,
  noEntries: false,
  reversed: false,
  swapped: null,
  root: null,
  size: null,
  forged: false,
  hidden: false,
  badProofs: false,
};

/** A certificate log (RFC 6962) on the loopback, with a key of its own. */
export class MintedCt {
  readonly leaves: Uint8Array[] = [];
  /** What another log signed, in place of what this one would: its key, and its tree heads by size. */
  given: { readonly key: KeyObject; readonly heads: ReadonlyMap<number, string> } | null = null;
  readonly wrong: Misbehaviour = { ...HONEST };
  timestamp = Date.UTC(2026, 0, 1);
  readonly #server: AnsweringServer;
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #nodes = new Map<string, Uint8Array>();

  private constructor(server: AnsweringServer) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#publicKey = publicKey;
    this.#privateKey = privateKey;
    this.#server = server;
    server.answer = ({ path }) => this.#answer(new URL(path, 'http://log.example'));
  }

  static async start(): Promise<MintedCt> {
    return new MintedCt(await AnsweringServer.start());
  }

  get key(): KeyObject {
    return this.given?.key ?? this.#publicKey;
  }

  get url(): string {
    return `${this.#server.url}/ct`;
  }

  get origin(): string {
    return `${this.#server.host}/ct`;
  }

  get asked(): readonly string[] {
    return this.#server.paths();
  }

  add(...leaves: readonly Uint8Array[]): this {
    this.leaves.push(...leaves);
    return this;
  }

  reader(): LogReader {
    const http = new HttpReader({ userAgent: 'test', connections: 4, attempts: 1 });
    return ctLogReader({ origin: this.origin, key: this.key, client: ctClient(http, this.url) });
  }

  root(size = this.leaves.length): Uint8Array {
    const range = CompactRange.empty(nodeSha256);
    for (const leaf of this.leaves.slice(0, size)) range.append(hashLeaf(leaf, nodeSha256));
    return range.root();
  }

  treeHead(size = this.wrong.size ?? this.leaves.length): string {
    const { timestamp, wrong } = this;
    const given = this.given?.heads.get(size);
    if (given !== undefined) return given;
    const root = wrong.root ?? this.root(size);
    const key = wrong.forged ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey : this.#privateKey;
    const signature = sign('sha256', treeHeadBytes({ timestamp, size, root }), key);
    const signed = Buffer.concat([Buffer.from([4, 3, 0, signature.length]), signature]);
    return JSON.stringify({
      tree_size: size,
      timestamp,
      sha256_root_hash: Buffer.from(root).toString('base64'),
      tree_head_signature: signed.toString('base64'),
    });
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  #answer(url: URL): GivenAnswer | undefined {
    const number = (name: string) => Number(url.searchParams.get(name));
    switch (url.pathname) {
      case '/ct/ct/v1/get-sth':
        return { body: this.treeHead() };
      case '/ct/ct/v1/get-entries':
        return json({ entries: this.#entries(number('start'), number('end') + 1) });
      case '/ct/ct/v1/get-sth-consistency':
        return json({ consistency: this.#proof(makeConsistencyProof(number('first'), number('second'), this.#node)) });
      case '/ct/ct/v1/get-entry-and-proof': {
        const index = number('leaf_index');
        const hashes = makeInclusionProof(index, number('tree_size'), this.#node);
        return json({ ...this.#entry(index), audit_path: this.#proof(hashes) });
      }
      case '/ct/ct/v1/get-proof-by-hash': {
        const hash = url.searchParams.get('hash');
        const index = this.leaves.findIndex(
          (leaf) => Buffer.from(hashLeaf(leaf, nodeSha256)).toString('base64') === hash,
        );
        if (this.wrong.hidden || index < 0 || index >= number('tree_size'))
          return { status: 404, body: 'no such leaf' };
        return json({
          leaf_index: index,
          audit_path: this.#proof(makeInclusionProof(index, number('tree_size'), this.#node)),
        });
      }
      default:
        return undefined;
    }
  }

  #entries(start: number, end: number) {
    const { limit, tooMany, noEntries, reversed } = this.wrong;
    const last = Math.min(end, start + limit, this.leaves.length) + tooMany;
    const entries = noEntries ? [] : Array.from({ length: last - start }, (_, i) => this.#entry(start + i));
    return reversed ? entries.reverse() : entries;
  }

  #entry(index: number) {
    const leaf = this.leaves[this.wrong.swapped === index ? (index + 1) % this.leaves.length : index];
    return { leaf_input: Buffer.from(leaf ?? []).toString('base64'), extra_data: '' };
  }

  #proof(hashes: readonly Uint8Array[]): string[] {
    return hashes.map((hash) =>
      Buffer.from(this.wrong.badProofs ? hash.map((octet) => octet ^ 1) : hash).toString('base64'),
    );
  }

  readonly #node = (level: number, index: number): Uint8Array => {
    const key = `${level}/${index}`;
    const known = this.#nodes.get(key);
    if (known) return known;
    const hash =
      level === 0
        ? hashLeaf(this.leaves[index] ?? new Uint8Array(), nodeSha256)
        : hashNode(this.#node(level - 1, 2 * index), this.#node(level - 1, 2 * index + 1), nodeSha256);
    this.#nodes.set(key, hash);
    return hash;
  };
}

function json(value: unknown): GivenAnswer {
  return { body: JSON.stringify(value) };
}

/** A leaf as a certificate log makes it of a certificate or, with the hash of its issuer's key, of a TBSCertificate. */
export function mintLeaf(
  der: Uint8Array,
  { timestamp = Date.UTC(2026, 0, 1), issuerKeyHash = null as Uint8Array | null } = {},
) {
  return encodeMerkleLeaf({ timestamp, der, issuerKeyHash, extensions: new Uint8Array() });
}
