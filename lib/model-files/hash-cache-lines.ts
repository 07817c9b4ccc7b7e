/** The first line; another one is another format. */
const HEADER = 'modeltrail hash cache v1';
/** dev, ino, size, mtime and ctime in nanoseconds, hash type, shard size or 0; then the digests. */
const LINE = /^(?<key>\d+ \d+ \d+ -?\d+ -?\d+ (?:sha256|blake2b|blake3) \d+)\t(?<digests>[0-9a-f,]*)$/;
const DIGEST_HEX: Readonly<Record<string, number>> = { sha256: 64, blake2b: 128, blake3: 64 };
const MAX_LINES = 1_000_000;

/**
 * Reads what `writeCacheLines` wrote: a header, then one line a file, its key and its digests.
 *
 * @throws {Error} for anything else, and where a digest's length or count cannot be that of the file.
 */
export function readCacheLines(text: string): Map<string, readonly string[]> {
  const lines = text.split('\n', MAX_LINES + 2);
  if (lines.shift() !== HEADER) throw new Error('it is no cache of this version.');
  if (lines.pop() !== '') throw new Error('its end is missing.');
  return new Map(lines.map(readLine));
}

/** @param limit bytes; of what does not fit, the first entries are left out. */
export function writeCacheLines(digests: ReadonlyMap<string, readonly string[]>, limit: number): string {
  const kept: string[] = [];
  let size = HEADER.length + 1;
  for (const [key, list] of [...digests].reverse()) {
    const line = `${key}\t${list.join(',')}`;
    size += line.length + 1;
    if (size > limit || kept.length === MAX_LINES) break;
    kept.push(line);
  }
  return [HEADER, ...kept.reverse(), ''].join('\n');
}

function readLine(line: string, at: number): [string, readonly string[]] {
  const { key = '', digests = '' } = LINE.exec(line)?.groups ?? {};
  const list = digests === '' ? [] : digests.split(',');
  const [, , size, , , hashType = '', shardSize] = key.split(' ');
  const count = shardSize === '0' ? 1 : Math.ceil(Number(size) / Number(shardSize));
  if (key === '' || list.length !== count || list.some((digest) => digest.length !== DIGEST_HEX[hashType])) {
    throw new Error(`line ${at + 2} of it is damaged.`);
  }
  return [key, list];
}
