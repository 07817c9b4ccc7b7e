import type { OmsResource } from './resource.ts';
import { StatementError } from './statement-error.ts';

/**
 * Every sharded file must be covered from its first byte on without gap or overlap, each shard at most `shardSize` long
 * and only the last one shorter: else a reader that trusts the shards has not looked at the whole file.
 *
 * @throws {StatementError} `bad-shards`
 */
export function refuseBrokenShards(resources: readonly OmsResource[], shardSize: number | null): void {
  const files = new Map<string, { start: number; end: number }[]>();
  for (const { shard } of resources) {
    if (!shard) continue;
    const ranges = files.get(shard.path);
    if (ranges) ranges.push(shard);
    else files.set(shard.path, [shard]);
  }
  for (const [path, ranges] of files) {
    ranges.sort((a, b) => a.start - b.start);
    let covered = 0;
    for (const [i, { start, end }] of ranges.entries()) {
      const isLast = i === ranges.length - 1;
      const length = end - start;
      if (start !== covered || (shardSize !== null && (length > shardSize || (length < shardSize && !isLast)))) {
        throw new StatementError(
          'bad-shards',
          `The shards of ${JSON.stringify(path.slice(0, 120))} do not cover it piece by piece: ` +
            `bytes ${start} to ${end} follow byte ${covered}, with ${shardSize} bytes a shard.`,
        );
      }
      covered = end;
    }
  }
}
