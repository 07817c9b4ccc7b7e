import { MAX_NOTE_BYTES } from '#lib/tlog/note.ts';
import { malformed, parseAnswer, readList, readMap, readText, readTreeId } from './answer.ts';

const MAX_TREES = 64;

/** A tree as the server lists it. Its size and root are those of the note, once its signature is verified. */
export interface TreeInfo {
  readonly treeId: string;
  /** The signed note. */
  readonly note: string;
}

/** `GET /api/v1/log`: the trees of a server. */
export interface LogInfo {
  /** In the order in which the server counts through them. */
  readonly inactive: readonly TreeInfo[];
  readonly active: TreeInfo;
}

/** @throws {LogDataError} `malformed-answer` */
export function readLogInfo(bytes: Uint8Array): LogInfo {
  const what = 'The list of trees';
  const info = readMap(parseAnswer(bytes, what), what);
  const inactive = readList(info.inactiveShards, `${what}: inactiveShards`, MAX_TREES).map((tree, i) =>
    readTree(tree, `${what}: inactiveShards[${i}]`),
  );
  const active = readTree(info, what);
  const ids = [...inactive, active].map(({ treeId }) => treeId);
  if (new Set(ids).size < ids.length) throw malformed(`${what} names a tree twice.`);
  return { inactive, active };
}

function readTree(value: unknown, at: string): TreeInfo {
  const tree = readMap(value, at);
  return {
    treeId: readTreeId(tree.treeID, `${at}: treeID`),
    note: readText(tree.signedTreeHead, `${at}: signedTreeHead`, MAX_NOTE_BYTES),
  };
}
