import type { HashType } from '#lib/model-signing/resource.ts';
import { toHex } from '#lib/tlog/hex.ts';

/** Hashes bytes that come one part after the other. */
export interface Hasher {
  begin(): void;
  update(data: Uint8Array): void;
  /** Lowercase hex. */
  end(): string;
}

/** Hashers to use again: making one compiles WebAssembly. One is used for one piece at a time. */
export class HasherStore {
  readonly #free = new Map<HashType, Hasher[]>();

  async use<T>(hashType: HashType, hash: (hasher: Hasher) => Promise<T>): Promise<T> {
    const hasher = this.#free.get(hashType)?.pop() ?? (await createHasher(hashType));
    const result = await hash(hasher);
    this.#free.set(hashType, [...(this.#free.get(hashType) ?? []), hasher]);
    return result;
  }
}

/** In WebAssembly (hash-wasm); in JavaScript (@noble/hashes) where the browser or its policy refuses that. */
export async function createHasher(hashType: HashType): Promise<Hasher> {
  try {
    return await createWasmHasher(hashType);
  } catch {
    return createNobleHasher(hashType);
  }
}

async function createWasmHasher(hashType: HashType): Promise<Hasher> {
  const { createBLAKE2b, createBLAKE3, createSHA256 } = await import('hash-wasm');
  const create = { sha256: createSHA256, blake2b: createBLAKE2b, blake3: createBLAKE3 }[hashType];
  const hasher = await create();
  return {
    begin: () => void hasher.init(),
    update: (data) => void hasher.update(data),
    end: () => hasher.digest('hex'),
  };
}

export async function createNobleHasher(hashType: HashType): Promise<Hasher> {
  const create = await nobleOf(hashType);
  let hash = create();
  return {
    begin: () => {
      hash = create();
    },
    update: (data) => void hash.update(data),
    end: () => toHex(hash.digest()),
  };
}

async function nobleOf(hashType: HashType) {
  if (hashType === 'sha256') return (await import('@noble/hashes/sha2.js')).sha256.create;
  if (hashType === 'blake3') return (await import('@noble/hashes/blake3.js')).blake3.create;
  return (await import('@noble/hashes/blake2.js')).blake2b.create;
}
