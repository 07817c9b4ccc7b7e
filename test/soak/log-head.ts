import type { FollowedLog } from './database.ts';
import { ask, askJson } from './stack.ts';

/** Sizes of followed logs, by their origins. */
export type LogSizes = ReadonlyMap<string, number>;

/** How many entries the logs say that they have now: as far as this, at least, the product must come. */
export async function sizesNow(logs: readonly FollowedLog[]): Promise<LogSizes> {
  return new Map(await Promise.all(logs.map(async (log) => [log.origin, await sizeNow(log)] as const)));
}

async function sizeNow({ api, readUrl, treeId }: FollowedLog): Promise<number> {
  const url = readUrl.replace(/\/+$/, '');
  if (api === 'rekor-v2') return sizeOfNote(`${url}/api/v2/checkpoint`);
  if (api === 'ct-static') return sizeOfNote(`${url}/checkpoint`);
  if (api === 'ct-rfc6962') return (await askJson<{ readonly tree_size: number }>(`${url}/ct/v1/get-sth`)).tree_size;
  const info = await askJson<{
    readonly treeID: string;
    readonly treeSize: number;
    readonly inactiveShards: readonly { readonly treeID: string; readonly treeSize: number }[] | null;
  }>(`${url}/api/v1/log`);
  const tree = [info, ...(info.inactiveShards ?? [])].find(({ treeID }) => treeID === treeId);
  if (!tree) throw new Error(`${url} has no tree ${treeId}`);
  return tree.treeSize;
}

async function sizeOfNote(url: string): Promise<number> {
  return Number((await ask(url)).text.split('\n')[1]);
}
