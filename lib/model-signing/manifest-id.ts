import { nobleSha256, type Sha256 } from '#lib/tlog/hash.ts';
import { toHex } from '#lib/tlog/hex.ts';
import type { OmsResource } from './resource.ts';
import { inSpecificationOrder } from './roots.ts';

/**
 * The manifest id: what a model is known by where the root is too weak, for the root binds neither names nor algorithms.
 *
 * SHA-256, in lowercase hex, of the JCS form (RFC 8785) of the list of `[name, algorithm, digest]`, one for each
 * resource, sorted by the names' code points. The algorithm is the hash alone (`sha256`), for clients write that of
 * shards in two ways. Model name, ignored paths and the listed order are no part of it: all signers of the same files,
 * hashed in the same way, agree.
 */
export function manifestId(resources: readonly OmsResource[], sha256: Sha256 = nobleSha256): string {
  const list = inSpecificationOrder(resources).map(({ name, algorithm, digest }) => [
    name,
    algorithm.replace(/-sharded-\d+$/, ''),
    digest,
  ]);
  // Lists of well-formed texts only: here JSON.stringify writes what JCS asks for.
  return toHex(sha256(new TextEncoder().encode(JSON.stringify(list))));
}
