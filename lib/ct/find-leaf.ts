import { FetchError } from '#lib/rekor/fetch-error.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { TreeHead } from '#lib/rekor/log-reader.ts';
import { nodeSha256 } from '#lib/rekor/node-sha256.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { verifyInclusion } from '#lib/tlog/proof.ts';
import type { CtClient } from './ct-client.ts';

/**
 * Asks a certificate log for the place of a leaf in a tree that it signed (RFC 6962, 4.5), and proves it.
 *
 * @returns its index; null where the log says that it does not have it, which nothing proves.
 * @throws {FetchError | LogDataError}
 */
export async function findLeaf(
  client: CtClient,
  head: TreeHead,
  leafHash: Uint8Array,
  signal?: AbortSignal,
): Promise<number | null> {
  if (head.size === 0) return null;
  try {
    const { index, hashes: proof } = await client.proofByHash(leafHash, head.size, signal);
    verifyInclusion({ index, size: head.size, leafHash, proof, root: head.root }, nodeSha256);
    return index;
  } catch (error) {
    if (error instanceof FetchError && error.code === 'not-found') return null;
    if (!(error instanceof TlogError)) throw error;
    throw new LogDataError('bad-proof', `The place that the log gives for a leaf is not proved: ${error.message}.`);
  }
}
