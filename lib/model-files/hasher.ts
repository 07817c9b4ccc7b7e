import { createHash, type Hash } from 'node:crypto';
import type { HashType } from '#lib/model-signing/resource.ts';

/** Hashes one stretch of bytes after the other. */
export interface Hasher {
  update(data: Uint8Array): void;
  /** The digest of what was given since the last time, in lowercase hex. */
  cut(): string;
}

export async function createHasher(hashType: HashType): Promise<Hasher> {
  if (hashType === 'blake3') return createBlake3();
  return new NodeHasher(hashType === 'blake2b' ? 'blake2b512' : 'sha256');
}

/**
 * In WebAssembly, which has ten times the speed of JavaScript; in that where WebAssembly is not allowed. Both are loaded
 * when they are asked for, for threads start the quicker.
 */
async function createBlake3(): Promise<Hasher> {
  try {
    const { createBLAKE3 } = await import('hash-wasm');
    const blake3 = await createBLAKE3();
    blake3.init();
    return {
      update: (data) => void blake3.update(data),
      cut() {
        const digest = blake3.digest('hex');
        blake3.init();
        return digest;
      },
    };
  } catch {
    const { blake3 } = await import('@noble/hashes/blake3.js');
    return new NobleHasher(() => blake3.create());
  }
}

class NodeHasher implements Hasher {
  readonly #algorithm: string;
  #hash: Hash | null = null;

  constructor(algorithm: string) {
    this.#algorithm = algorithm;
  }

  update(data: Uint8Array): void {
    this.#hash ??= createHash(this.#algorithm);
    this.#hash.update(data);
  }

  cut(): string {
    const hash = this.#hash ?? createHash(this.#algorithm);
    this.#hash = null;
    return hash.digest('hex');
  }
}

class NobleHasher implements Hasher {
  readonly #create: () => NobleHash;
  #hash: NobleHash;

  constructor(create: () => NobleHash) {
    this.#create = create;
    this.#hash = create();
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  cut(): string {
    const digest = Buffer.from(this.#hash.digest()).toString('hex');
    this.#hash = this.#create();
    return digest;
  }
}

interface NobleHash {
  update(data: Uint8Array): unknown;
  digest(): Uint8Array;
}
