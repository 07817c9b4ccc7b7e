import type { SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { LogReader } from '#lib/rekor/log-reader.ts';
import type { LogKey } from '#lib/sigstore/log-key.ts';
import type { RekorV1Api } from './api.ts';
import type { TreePlace } from './bind-entry.ts';
import { HeadNotary } from './head-notary.ts';
import { SeenHeads } from './seen-heads.ts';
import { TreeView } from './tree-view.ts';

export interface RekorV1Tree {
  /** `<host> - <tree id>`: the first line of its checkpoints. */
  readonly origin: string;
  /** Decimal, beyond what a number holds. */
  readonly treeId: string;
  /** What the server adds to an index of this tree. */
  readonly indexOffset: number;
  /** Of the server. */
  readonly keys: readonly LogKey[];
  readonly api: RekorV1Api;
}

/**
 * Reads one tree of a Rekor v1 server. Every entry comes with a proof and a signed head of its own; the reader holds those
 * heads to the tree that is read, and so is to be kept from round to round.
 */
export function rekorV1Reader({ origin, treeId, indexOffset, keys, api }: RekorV1Tree): LogReader {
  const notary = new HeadNotary(origin, keys);
  const treeHex = BigInt(treeId).toString(16).padStart(16, '0');
  const place: TreePlace = { treeId, treeHex, indexOffset, keys, notary };
  const seen = new SeenHeads();
  return {
    async head(signal): Promise<SignedCheckpoint> {
      const { active, inactive } = await api.log(signal);
      const tree = [...inactive, active].find((each) => each.treeId === treeId);
      if (tree) return notary.read(tree.note);
      throw new LogDataError('tree-mismatch', `The server does not list tree ${treeId} any more.`, {
        listed: [...inactive, active].map((each) => each.note).join('\n'),
      });
    },
    open: async (head) => new TreeView(api, place, seen, head),
  };
}
