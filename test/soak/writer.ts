import { createHash } from 'node:crypto';
import { type EntryRequest, rekor1Request, rekor2Request } from './entry-request.ts';
import type { Identity } from './identity.ts';
import { ask, type Stack } from './stack.ts';

export type WrittenApi = 'rekor-v1' | 'rekor-v2';

/** An entry that a log has confirmed. */
export interface Written {
  readonly api: WrittenApi;
  /** The origin of a Rekor v2 log, the tree id of a Rekor v1 log. */
  readonly place: string;
  /** As the log's server counts: through all of its trees for Rekor v1. */
  readonly index: number;
  readonly leafHash: string;
  readonly identity: Pick<Identity, 'isWatched'>;
}

/** So many requests wait at once; a Rekor v2 log answers each only with its next checkpoint. */
const SIDE_BY_SIDE: Record<WrittenApi, number> = { 'rekor-v1': 16, 'rekor-v2': 192 };

/** Writes entries by all identities in turn, as far as it is allowed to, and keeps its own record of them. */
export class Writer {
  readonly written: Written[] = [];
  /** Digests of entries whose writing was not confirmed: the log may have them or not. */
  readonly unconfirmed = new Set<string>();
  readonly refusals: string[] = [];
  readonly #stack: Stack;
  readonly #identities: readonly Identity[];
  readonly #waiting: (() => void)[] = [];
  #allowed = 0;
  #begun = 0;

  constructor(stack: Stack, identities: readonly Identity[]) {
    this.#stack = stack;
    this.#identities = identities;
  }

  /** Lets it write so many entries more. */
  allow(entries: number): void {
    this.#allowed += entries;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Writes `entries` to the logs of `apis` in turn. Settles when each was confirmed or failed. */
  async write(entries: number, apis: readonly WrittenApi[]): Promise<void> {
    const each = Math.floor(entries / apis.length);
    await Promise.all(
      apis.map((api, i) => this.#writeTo(api, i === 0 ? entries - each * (apis.length - 1) : each, apis.length)),
    );
  }

  async #writeTo(api: WrittenApi, entries: number, share: number): Promise<void> {
    let next = 0;
    const worker = async () => {
      while (next < entries) {
        const i = next++;
        while (this.#begun >= this.#allowed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
        this.#begun++;
        await this.#one(api, i);
      }
    };
    const workers = Math.min(entries, Math.ceil(SIDE_BY_SIDE[api] / share));
    await Promise.all(Array.from({ length: workers }, worker));
  }

  async #one(api: WrittenApi, i: number): Promise<void> {
    const identity = this.#identities[i % this.#identities.length];
    if (!identity) throw new Error('nobody signs');
    // Kinds go by another number than identities, so that everybody signs every kind.
    const kind = Math.floor(i / this.#identities.length);
    const request = await (api === 'rekor-v1' ? rekor1Request(identity, kind) : rekor2Request(identity, kind));
    try {
      const confirmed = await (api === 'rekor-v1' ? this.#toRekor1(request) : this.#toRekor2(request));
      if (confirmed) this.written.push({ api, identity, ...confirmed });
    } catch {
      this.unconfirmed.add(request.digest);
    }
  }

  async #toRekor2({ body }: EntryRequest) {
    const { status, text } = await ask(`${this.#stack.rekor2}/api/v2/log/entries`, body);
    if (status >= 500) throw new Error(text);
    if (status !== 201) return this.#refused(text);
    const entry = JSON.parse(text) as { readonly logIndex: string; readonly canonicalizedBody: string };
    const bytes = Buffer.from(entry.canonicalizedBody, 'base64');
    const leafHash = createHash('sha256')
      .update(Buffer.from([0]))
      .update(bytes)
      .digest('hex');
    return { place: this.#stack.rekor2Origin, index: Number(entry.logIndex), leafHash };
  }

  async #toRekor1({ body }: EntryRequest) {
    const { status, text } = await ask(`${this.#stack.rekor1}/api/v1/log/entries`, body);
    if (status >= 500) throw new Error(text);
    if (status !== 201) return this.#refused(text);
    const answer = JSON.parse(text) as Record<string, { readonly logIndex: number }>;
    const [uuid, entry] = Object.entries(answer)[0] ?? [];
    if (!uuid || !entry) throw new Error(text);
    return { place: BigInt(`0x${uuid.slice(0, 16)}`).toString(), index: entry.logIndex, leafHash: uuid.slice(16) };
  }

  #refused(text: string): null {
    this.refusals.push(text.slice(0, 200));
    return null;
  }
}
