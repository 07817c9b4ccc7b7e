import type { HashList, ListedFile } from './hash-list.ts';
import { asArray, asDigest, asObject, asSize, asText } from './json-fields.ts';
import type { HashListLimits } from './limits.ts';
import { ListBuilder, wholeFile } from './list-builder.ts';

/**
 * The files of a Hugging Face repository, as the Hub lists them: `GET /api/models/NAME/tree/REVISION?recursive=true`, a list
 * of entries, or `GET /api/models/NAME?blobs=true`, whose `siblings` are them. Only files in LFS have a SHA-256.
 *
 * @throws {HashListError} naming the entry at fault.
 */
export function readHuggingFace(json: unknown, limits: HashListLimits): HashList {
  const [entries, at] = Array.isArray(json) ? [json, ''] : [asObject(json, 'the listing').siblings, 'siblings'];
  const builder = new ListBuilder(limits.maxFiles);
  let undigested = 0;
  asArray(entries, at || 'the listing', 2 * limits.maxFiles).forEach((value, i) => {
    const file = readEntry(value, `${at}[${i}]`);
    if (!file) return;
    if (file.digests.length === 0) undigested++;
    builder.add(file, `${at}[${i}]`);
  });
  const remarks = [
    'Taken from a listing: nobody here compared it with the bytes.',
    ...(undigested === 0
      ? []
      : [
          `${undigested} files have no SHA-256 in the listing, for the Hub keeps them in Git. ` +
            'To compare them, download them and hand in the output of sha256sum.',
        ]),
  ];
  return builder.build({
    form: 'hugging-face',
    name: nameOf(json),
    hashType: 'sha256',
    shardSize: null,
    leftOut: [],
    remarks,
  });
}

function readEntry(value: unknown, at: string): ListedFile | null {
  const entry = asObject(value, at);
  if (entry.type === 'directory') return null;
  const path = asText(entry.path ?? entry.rfilename, `${at}.${entry.path === undefined ? 'rfilename' : 'path'}`);
  if (entry.lfs == null) {
    return { path, size: entry.size == null ? null : asSize(entry.size, `${at}.size`), digests: [] };
  }
  const lfs = asObject(entry.lfs, `${at}.lfs`);
  const stated = lfs.oid ?? lfs.sha256;
  const hex = typeof stated === 'string' ? stated.replace(/^sha256:/, '') : stated;
  const digest = asDigest(hex, 'sha256', `${at}.lfs.${lfs.oid === undefined ? 'sha256' : 'oid'}`);
  // The entry's own size is that of the pointer in some answers of the Hub.
  const size = lfs.size == null ? null : asSize(lfs.size, `${at}.lfs.size`);
  return { path, size, digests: wholeFile(path, 'sha256', digest) };
}

function nameOf(json: unknown): string | null {
  if (Array.isArray(json)) return null;
  const { id, modelId } = asObject(json, 'the listing');
  const name = id ?? modelId;
  return name == null ? null : asText(name, 'id');
}
