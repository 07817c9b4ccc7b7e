import { UsageError } from './command.ts';
import type { AskedModel } from './model-options.ts';

/**
 * model_signing 1.1.1 hashes whole files wherever BLAKE3 is asked for, and refuses signatures of its shards; a statement
 * about their root would be about no signature that can be made.
 *
 * @throws {UsageError}
 */
export function refuseUnsignable({ hashType, shardSize }: Pick<AskedModel, 'hashType' | 'shardSize'>): void {
  if (hashType !== 'blake3' || shardSize === null) return;
  throw new UsageError(
    'Signatures of BLAKE3 in shards are refused by model_signing. Leave out --shard-size, or take another --hash-type.',
  );
}
