import type { Asked, ShownTree } from './misbehaviour.ts';

/** One API over a minted log: how paths are read and honest answers made. Misbehaviour knows no more of an API than this. */
export interface LogApi {
  /** What a path asks for; null for what the API does not have. */
  read(path: string): Pick<Asked, 'resource' | 'tile'> | null;
  /** The honest answer about hashes and entries of a tree; undefined where it has none. */
  answer(asked: Pick<Asked, 'resource' | 'tile'>, shown: ShownTree): Buffer | undefined;
  /** A head with this signed note; the honest note where none is given. */
  head(shown: ShownTree, note?: Uint8Array): Buffer;
}
