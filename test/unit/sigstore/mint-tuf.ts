import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { AnsweringServer } from '#test/support/answering-server.ts';

/** A TUF repository (1.0) on the loopback, with one key for all roles, whose targets a test may change. */
export class MintedTuf {
  readonly #keys = generateKeyPairSync('ed25519');
  readonly #keyId: string;
  readonly #server: AnsweringServer;
  #version = 1;
  #files = new Map<string, string>();
  readonly expires: Record<'root' | 'timestamp' | 'snapshot' | 'targets', string>;

  private constructor(server: AnsweringServer, expires: MintedTuf['expires']) {
    this.#server = server;
    this.expires = expires;
    this.#keyId = hash('sha256', this.#publicKey());
    server.answer = ({ path }) => {
      const body = this.#files.get(path);
      return body === undefined ? undefined : { body };
    };
  }

  static async start(expires: MintedTuf['expires']): Promise<MintedTuf> {
    return new MintedTuf(await AnsweringServer.start(), expires);
  }

  get url(): string {
    return this.#server.url;
  }

  /** Publishes these targets, and no others. */
  publish(targets: Readonly<Record<string, string>>): void {
    const version = this.#version++;
    const described = Object.entries(targets).map(([name, content]) => [
      name,
      { length: Buffer.byteLength(content), hashes: { sha256: hash('sha256', content) } },
    ]);
    this.#files = new Map(Object.entries(targets).map(([name, content]) => [`/targets/${name}`, content]));
    this.#files.set('/targets.json', this.#signed('targets', version, { targets: Object.fromEntries(described) }));
    this.#files.set('/snapshot.json', this.#signed('snapshot', version, { meta: { 'targets.json': { version } } }));
    this.#files.set('/timestamp.json', this.#signed('timestamp', version, { meta: { 'snapshot.json': { version } } }));
  }

  /** Writes the first root, which a client must have by safe means. */
  writeRoot(path: string): void {
    const role = { keyids: [this.#keyId], threshold: 1 };
    const key = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: this.#publicKey() } };
    const roles = { root: role, timestamp: role, snapshot: role, targets: role };
    writeFileSync(path, this.#signed('root', 1, { consistent_snapshot: false, keys: { [this.#keyId]: key }, roles }));
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }

  #publicKey(): string {
    return this.#keys.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
  }

  #signed(type: keyof MintedTuf['expires'], version: number, content: object): string {
    const signed = { _type: type, spec_version: '1.0.0', version, expires: this.expires[type], ...content };
    const sig = sign(null, Buffer.from(canonicalize(signed)), this.#keys.privateKey).toString('hex');
    return JSON.stringify({ signed, signatures: [{ keyid: this.#keyId, sig }] });
  }
}

/** OLPC canonical JSON, of values without control characters: sorted keys, no spaces. */
function canonicalize(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalize).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([key, held]) => `${JSON.stringify(key)}:${canonicalize(held)}`).join(',')}}`;
}
