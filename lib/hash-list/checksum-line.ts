import type { HashType } from '#lib/model-signing/resource.ts';
import { HashListError } from './hash-list-error.ts';
import { quoted } from './list-builder.ts';

export interface ChecksumLine {
  /** As it is written, unescaped. */
  readonly path: string;
  /** Lowercase hex. */
  readonly digest: string;
  /** What the digest can be of; two where the line does not say. */
  readonly hashTypes: readonly HashType[];
}

const TAGS: ReadonlyMap<string, HashType> = new Map([
  ['SHA256', 'sha256'],
  ['BLAKE2b', 'blake2b'],
  ['BLAKE3', 'blake3'],
]);

const BY_LENGTH: ReadonlyMap<number, readonly HashType[]> = new Map([
  [64, ['sha256', 'blake3']],
  [128, ['blake2b']],
]);

const MEND = 'Model signatures use sha256, blake2b (512 bits) and blake3: run sha256sum.';

const TAGGED = /^([A-Za-z0-9][A-Za-z0-9-]{0,31}) \(/;

/**
 * Reads one line of GNU coreutils' or b3sum's output: `HEX  PATH`, `HEX *PATH`, or with `--tag` `SHA256 (PATH) = HEX`; a
 * backslash before it says that the path has escapes.
 *
 * @throws {HashListError} `bad-line` and `unsupported-hash`, naming `at`.
 */
export function readChecksumLine(line: string, at: string): ChecksumLine {
  const isEscaped = line.startsWith('\\');
  const plain = isEscaped ? line.slice(1) : line;
  const { path, digest, hashTypes } = readTagged(plain, at) ?? readUntagged(plain, at);
  return { path: isEscaped ? unescapePath(path, at) : path, digest, hashTypes };
}

function readTagged(line: string, at: string): ChecksumLine | null {
  const tag = TAGGED.exec(line)?.[1];
  const close = line.lastIndexOf(') = ');
  if (tag === undefined || close < 0) return null;
  const hashType = TAGS.get(tag);
  if (hashType === undefined) throw unsupported(`hashed with ${tag}`, at);
  const digest = line.slice(close + 4).toLowerCase();
  if (!isHex(digest) || !BY_LENGTH.get(digest.length)?.includes(hashType)) {
    throw new HashListError('bad-digest', `${at} does not end in the hexadecimal digits of a ${tag} digest.`, at);
  }
  return { path: line.slice(tag.length + 2, close), digest, hashTypes: [hashType] };
}

function readUntagged(line: string, at: string): ChecksumLine {
  const space = line.indexOf(' ');
  const digest = line.slice(0, Math.max(0, space)).toLowerCase();
  const mark = line[space + 1];
  const path = line.slice(space + 2);
  if (!isHex(digest) || (mark !== ' ' && mark !== '*') || path === '') {
    throw new HashListError(
      'bad-line',
      `${at} is not a line of sha256sum, b2sum or b3sum ("HASH  PATH"): ${quoted(line)}.`,
      at,
    );
  }
  const hashTypes = BY_LENGTH.get(digest.length);
  if (hashTypes === undefined) throw unsupported(`a digest of ${digest.length} digits`, at);
  return { path, digest, hashTypes };
}

function unsupported(what: string, at: string): HashListError {
  return new HashListError('unsupported-hash', `${at} is ${what}. ${MEND}`, at);
}

function isHex(text: string): boolean {
  return text.length >= 8 && /^[0-9a-f]+$/.test(text);
}

function unescapePath(path: string, at: string): string {
  let plain = '';
  for (let i = 0; i < path.length; i++) {
    const char = path.charAt(i);
    if (char !== '\\') plain += char;
    else {
      const meant = ESCAPES.get(path.charAt(++i));
      if (meant === undefined)
        throw new HashListError('bad-line', `${at} has an escape that sha256sum never writes.`, at);
      plain += meant;
    }
  }
  return plain;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ['n', '\n'],
  ['r', '\r'],
]);
