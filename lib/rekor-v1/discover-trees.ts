import type { SignedCheckpoint } from '#lib/rekor/checkpoint.ts';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import type { LogKey } from '#lib/sigstore/log-key.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { parseNote } from '#lib/tlog/note.ts';
import type { RekorV1Api } from './api.ts';
import { HeadNotary } from './head-notary.ts';
import type { TreeInfo } from './log-info.ts';

/** A Rekor v1 server: one log to its users, of several trees one after another. */
export interface RekorV1Server {
  /** The host, as the trust root has it. */
  readonly instance: string;
  /** The names that may stand in its checkpoints and signatures. */
  readonly names: readonly string[];
  readonly keys: readonly LogKey[];
  readonly api: RekorV1Api;
}

/** A tree of a server, by its signed head; that it is where the server says among the others is the server's word. */
export interface DiscoveredTree {
  readonly origin: string;
  /** Decimal. */
  readonly treeId: string;
  /** Entries of the trees before it: what the server adds to an index of this one. */
  readonly indexOffset: number;
  /** Its size where the server calls it inactive; null for the one that grows. */
  readonly finalSize: number | null;
  readonly head: SignedCheckpoint;
  /** The one whose signature the head has. */
  readonly key: LogKey;
}

/**
 * The trees of a server, in the order in which it counts through them; the active one is the last.
 *
 * @throws {FetchError | LogDataError} also where one of the heads is not signed by the log: the offsets rest on all.
 */
export async function discoverTrees(server: RekorV1Server, signal?: AbortSignal): Promise<DiscoveredTree[]> {
  const { inactive, active } = await server.api.log(signal);
  const trees: DiscoveredTree[] = [];
  let indexOffset = 0;
  for (const info of [...inactive, active]) {
    const signed = openHead(server, info);
    const finalSize = info === active ? null : signed.head.size;
    trees.push({ treeId: info.treeId, indexOffset, finalSize, ...signed });
    indexOffset += signed.head.size;
    if (!Number.isSafeInteger(indexOffset)) {
      throw new LogDataError(
        'tree-mismatch',
        `The trees of ${server.instance} together have more entries than can be counted.`,
      );
    }
  }
  return trees;
}

/** The origin names the host and the tree: one that names another tree is not taken for this one. */
function openHead(server: RekorV1Server, { treeId, note }: TreeInfo): Pick<DiscoveredTree, 'origin' | 'head' | 'key'> {
  const line = firstLine(note);
  const origin = server.names.map((name) => `${name} - ${treeId}`).find((expected) => expected === line);
  if (origin === undefined) {
    throw new LogDataError(
      'wrong-origin',
      `The head that ${server.instance} gives for tree ${treeId} is of ${JSON.stringify(line?.slice(0, 120) ?? '')}.`,
      { received: note },
    );
  }
  let failure: unknown;
  for (const key of server.keys) {
    try {
      return { origin, key, head: new HeadNotary(origin, [key]).read(note) };
    } catch (error) {
      if (!(error instanceof LogDataError)) throw error;
      failure = error;
    }
  }
  throw failure;
}

function firstLine(note: string): string | null {
  try {
    return (
      Buffer.from(parseNote(Buffer.from(note)).text)
        .toString()
        .split('\n', 1)[0] ?? null
    );
  } catch (error) {
    if (error instanceof TlogError) return null;
    throw error;
  }
}
