import type { HashType } from '#lib/model-signing/resource.ts';

/** How sha256sum, b2sum and b3sum call their hash with `--tag`. */
const TAGS: Readonly<Record<HashType, string>> = { sha256: 'SHA256', blake2b: 'BLAKE2b', blake3: 'BLAKE3' };

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r' };

/**
 * A line as sha256sum, b2sum and b3sum write it and take it with `--check` (GNU coreutils, "md5sum invocation"): a
 * backslash before the line where the name has one, or a line end.
 *
 * @param isTagged the BSD form, `SHA256 (name) = digest`.
 */
export function checksumLine(
  { name, digest }: { readonly name: string; readonly digest: string },
  hashType: HashType,
  isTagged: boolean,
): string {
  // A name that is a dash alone would be read as standard input.
  const plain = name === '-' ? './-' : name;
  const escaped = plain.replaceAll(/[\\\n\r]/g, (character) => ESCAPES[character] ?? character);
  const mark = escaped === plain ? '' : '\\';
  return isTagged ? `${mark}${TAGS[hashType]} (${escaped}) = ${digest}` : `${mark}${digest}  ${escaped}`;
}
