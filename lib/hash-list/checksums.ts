import type { HashType } from '#lib/model-signing/resource.ts';
import { type ChecksumLine, readChecksumLine } from './checksum-line.ts';
import type { HashList } from './hash-list.ts';
import { HashListError } from './hash-list-error.ts';
import type { HashListLimits } from './limits.ts';
import { ListBuilder, wholeFile } from './list-builder.ts';

interface PlacedLine extends ChecksumLine {
  readonly at: string;
}

/**
 * Reads the lines of sha256sum, b2sum and b3sum (GNU coreutils and BSD forms). Lines that are empty or begin with `#` are
 * passed over; the line ends of Windows are taken.
 *
 * @param hashType of 64 digits without a tag, which are SHA-256 as well as BLAKE3; without it they are SHA-256.
 * @throws {HashListError} naming the line.
 */
export function readChecksums(text: string, limits: HashListLimits, hashType?: HashType): HashList {
  const lines = placeLines(text, limits.maxFiles);
  const found = oneHashType(lines, hashType);
  const builder = new ListBuilder(limits.maxFiles);
  const isOfStdin = lines.length === 1 && lines[0]?.path === '-';
  const absolute = lines.filter(({ path }) => path.startsWith('/')).length;
  for (const { path, digest, at } of lines) {
    const plain = isOfStdin ? '.' : plainName(path);
    builder.add({ path: plain, size: null, digests: wholeFile(plain, found, digest) }, at);
  }
  const remarks = [
    ...(isOfStdin ? ['The one hash is of standard input; it is taken for a model of one file.'] : []),
    ...(absolute > 0 ? [`The leading "/" of ${absolute} absolute paths was taken off.`] : []),
  ];
  return {
    ...builder.build({ form: 'checksums', name: null, hashType: found, shardSize: null, leftOut: [], remarks }),
  };
}

function placeLines(text: string, maxFiles: number): PlacedLine[] {
  const lines: PlacedLine[] = [];
  let number = 0;
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const line = text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end);
    start = end + 1;
    number++;
    if (line.trim() === '' || line.startsWith('#')) continue;
    // Twice as many, for a file may be listed twice with the same hash.
    if (lines.length >= 2 * maxFiles) {
      throw new HashListError('too-many-files', `The list has more than ${maxFiles} files; so many are read.`);
    }
    const at = `line ${number}`;
    lines.push({ ...readChecksumLine(line, at), at });
  }
  return lines;
}

/** What all lines can be of. Of several, for 64 digits do not say, what the caller says, else SHA-256. */
function oneHashType(lines: readonly PlacedLine[], asked: HashType | undefined): HashType {
  let possible: readonly HashType[] = ['sha256', 'blake2b', 'blake3'];
  for (const { hashTypes, at } of lines) {
    const still = possible.filter((type) => hashTypes.includes(type));
    if (still.length === 0) {
      throw new HashListError(
        'mixed-hashes',
        `${at} is of ${hashTypes.join(' or ')}, the lines before of ${possible.join(' or ')}. Hash all files with one algorithm.`,
        at,
      );
    }
    possible = still;
  }
  if (asked === undefined) return possible[0] ?? 'sha256';
  if (possible.includes(asked)) return asked;
  throw new HashListError('mixed-hashes', `The lines are of ${possible.join(' or ')}, not of ${asked} as was said.`);
}

/** Without leading `./` and `/`; all else stays as it is, to be refused where it leads elsewhere. */
function plainName(path: string): string {
  let at = 0;
  for (;;) {
    if (path.startsWith('./', at)) at += 2;
    else if (path[at] === '/') at++;
    else break;
  }
  return path.slice(at);
}
