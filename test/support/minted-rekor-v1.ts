import { createPublicKey, generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import type { LogKey } from '#lib/sigstore/log-key.ts';
import { formatCheckpoint } from '#lib/tlog/checkpoint.ts';
import { hashLeaf } from '#lib/tlog/hash.ts';
import { formatNote } from '#lib/tlog/note.ts';
import { makeConsistencyProof, makeInclusionProof } from '#lib/tlog/proof.ts';
import type { AskedRequest, GivenAnswer } from './answering-server.ts';
import { MintedTree } from './minted-tree.ts';

/** 26 November 2026: when minted entries are taken, second by second. */
const FIRST_TAKEN = Date.UTC(2026, 10, 26) / 1000;

/** An entry in the API's spelling: a map with one key. */
export type EntryJson = Record<string, EntryFields>;
export interface EntryFields {
  body: string;
  integratedTime: number;
  logID: string;
  logIndex: number;
  verification: {
    inclusionProof: { checkpoint: string; hashes: string[]; logIndex: number; rootHash: string; treeSize: number };
    signedEntryTimestamp: string;
  };
}
export interface LogJson extends TreeJson {
  inactiveShards: TreeJson[] | null;
}
export interface TreeJson {
  treeID: string;
  treeSize: number;
  rootHash: string;
  signedTreeHead: string;
}
export interface ProofJson {
  hashes: string[];
  rootHash: string;
}

/** How a test makes the server lie: each is given the honest answer, and gives the one that is sent. */
export interface Lies {
  /** Before anything else; what it gives is the whole answer. */
  answer?: (request: AskedRequest) => GivenAnswer | undefined;
  log?: (log: LogJson) => unknown;
  proof?: (proof: ProofJson, sizes: { first: number; last: number; treeId: string }) => unknown;
  /** Of every entry, however it was asked for. */
  entry?: (entry: EntryJson, globalIndex: number) => unknown;
  /** The list of a retrieve request. */
  retrieve?: (list: unknown[], indices: readonly number[]) => unknown;
}

/**
 * A Rekor v1 server in memory, with its own ECDSA key and any number of trees: honest, unless a test lies with that key.
 * Give `answer` to an AnsweringServer. As the real one it signs head and timestamp anew for every answer.
 */
export class MintedRekorV1 {
  readonly host: string;
  readonly key: KeyObject;
  readonly publicKey: Buffer;
  readonly logId: string;
  readonly trees: MintedTree[] = [];
  /** The size under which the entries before it are proved, where it is not that of their tree. */
  proveUnder: number | null = null;
  lies: Lies = {};

  constructor(host = 'rekor.example', keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })) {
    this.host = host;
    this.key = keys.privateKey;
    this.publicKey = keys.publicKey.export({ type: 'spki', format: 'der' });
    this.logId = hash('sha256', this.publicKey);
    this.rotate();
  }

  get active(): MintedTree {
    return this.trees[this.trees.length - 1] as MintedTree;
  }

  /** As the trust root would name it. */
  logKey(baseUrl = `https://${this.host}`): LogKey {
    return {
      origin: this.host,
      names: [this.host],
      baseUrl,
      logId: this.logId,
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      spkiDer: this.publicKey,
      rawKey: null,
      api: 'rekor-v1',
      key: createPublicKey({ key: this.publicKey, format: 'der', type: 'spki' }),
      validFrom: 0,
      validUntil: null,
    };
  }

  /** Ends the active tree and begins another. */
  rotate(): MintedTree {
    // Beyond 2^53, as Trillian's ids are.
    const tree = new MintedTree(String(9_007_199_254_740_993n + BigInt(this.trees.length) * 1_000_003n));
    this.trees.push(tree);
    return tree;
  }

  origin(tree = this.active): string {
    return `${this.host} - ${tree.treeId}`;
  }

  /** What the server adds to an index of the tree. */
  offset(tree = this.active): number {
    return this.trees.slice(0, this.trees.indexOf(tree)).reduce((sum, { size }) => sum + size, 0);
  }

  /** The signed note of a size; `root` and `origin` may be false. */
  note(tree = this.active, size = tree.size, { root = tree.root(size), origin = this.origin(tree) } = {}): string {
    const text = formatCheckpoint({ origin, size, root, extensions: [] });
    const keyId = Buffer.from(this.logId.slice(0, 8), 'hex').readUInt32BE();
    const signature = { name: this.host, keyId, signature: sign('sha256', text, this.key) };
    return Buffer.from(formatNote(text, [signature])).toString();
  }

  /** The signed entry timestamp. */
  timestamp(entry: Pick<EntryFields, 'body' | 'integratedTime' | 'logID' | 'logIndex'>): string {
    const { body, integratedTime, logID, logIndex } = entry;
    const signed = JSON.stringify({ body, integratedTime, logID, logIndex });
    return sign('sha256', Buffer.from(signed), this.key).toString('base64');
  }

  /** An honest entry, proved under the tree of `size`. */
  entry(tree: MintedTree, index: number, size = this.#provedSize(tree, index)): EntryJson {
    const bytes = tree.entries[index] ?? new Uint8Array();
    const fields = {
      body: Buffer.from(bytes).toString('base64'),
      integratedTime: FIRST_TAKEN + index,
      logID: this.logId,
      logIndex: this.offset(tree) + index,
    };
    const leaf = Buffer.from(hashLeaf(bytes, nodeSha256)).toString('hex');
    return {
      [`${BigInt(tree.treeId).toString(16).padStart(16, '0')}${leaf}`]: {
        ...fields,
        verification: {
          inclusionProof: {
            checkpoint: this.note(tree, size),
            hashes: makeInclusionProof(index, size, tree.node, nodeSha256).map(hex),
            logIndex: index,
            rootHash: hex(tree.root(size)),
            treeSize: size,
          },
          signedEntryTimestamp: this.timestamp(fields),
        },
      },
    };
  }

  /** What the server says to a request; undefined where it answers 404. */
  readonly answer = (request: AskedRequest): GivenAnswer | undefined => {
    const told = this.lies.answer?.(request);
    if (told) return told;
    const { pathname, searchParams } = new URL(request.path, 'http://localhost');
    switch (pathname) {
      case '/api/v1/log':
        return json(this.lies.log?.(this.#log()) ?? this.#log());
      case '/api/v1/log/publicKey':
        return {
          body: createPublicKey({ key: this.publicKey, format: 'der', type: 'spki' }).export({
            type: 'spki',
            format: 'pem',
          }),
        };
      case '/api/v1/log/proof':
        return this.#proof(searchParams);
      case '/api/v1/log/entries': {
        const entry = this.#entryAt(Number(searchParams.get('logIndex')));
        return entry === undefined ? undefined : json(entry);
      }
      case '/api/v1/log/entries/retrieve': {
        const { logIndexes = [] } = JSON.parse(request.body) as { logIndexes?: number[] };
        if (logIndexes.length > 10) return { status: 422, body: '{"code":611,"message":"too many"}' };
        const list = logIndexes.map((index) => this.#entryAt(index)).filter((entry) => entry !== undefined);
        return json(this.lies.retrieve?.(list, logIndexes) ?? list);
      }
      default:
        return undefined;
    }
  };

  #provedSize(tree: MintedTree, index: number): number {
    return this.proveUnder !== null && index < this.proveUnder ? this.proveUnder : tree.size;
  }

  #log(): LogJson {
    const of = (tree: MintedTree): TreeJson => ({
      treeID: tree.treeId,
      treeSize: tree.size,
      rootHash: hex(tree.root()),
      signedTreeHead: this.note(tree),
    });
    const inactive = this.trees.slice(0, -1).map(of);
    return { ...of(this.active), inactiveShards: inactive.length > 0 ? inactive : null };
  }

  #proof(query: URLSearchParams): GivenAnswer {
    const [first, last] = [Number(query.get('firstSize')), Number(query.get('lastSize'))];
    const treeId = query.get('treeID') ?? this.active.treeId;
    const tree = this.trees.find((each) => each.treeId === treeId);
    if (!tree || first < 1 || first > last || last > tree.size) return { status: 400, body: '{"code":400}' };
    const hashes = makeConsistencyProof(first, last, tree.node, nodeSha256).map(hex);
    // The root is that of the tree as it is now, whatever was asked for.
    const honest = { hashes, rootHash: hex(tree.root()) };
    return json(this.lies.proof?.(honest, { first, last, treeId }) ?? honest);
  }

  #entryAt(globalIndex: number): unknown {
    const tree = this.trees.find(
      (each) => globalIndex >= this.offset(each) && globalIndex < this.offset(each) + each.size,
    );
    if (!tree) return undefined;
    const honest = this.entry(tree, globalIndex - this.offset(tree));
    return this.lies.entry ? (this.lies.entry(honest, globalIndex) ?? undefined) : honest;
  }
}

const signer = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const SIGNER_PEM = Buffer.from(signer.publicKey.export({ type: 'spki', format: 'pem' }).toString()).toString('base64');

/** A hashedrekord by a bare key that really signed: read and understood, and named by no rule. */
export function hashedRekordV1(text: string): Buffer {
  const value = hash('sha256', text);
  const content = sign('sha256', Buffer.from(text), signer.privateKey).toString('base64');
  return Buffer.from(
    `{"apiVersion":"0.0.1","kind":"hashedrekord","spec":{"data":{"hash":{"algorithm":"sha256","value":"${value}"}},"signature":{"content":"${content}","publicKey":{"content":"${SIGNER_PEM}"}}}}`,
  );
}

function json(value: unknown): GivenAnswer {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
