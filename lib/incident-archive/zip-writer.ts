import { crc32 } from 'node:zlib';
import { deflateSync } from 'fflate';
import { ZipError } from './zip-error.ts';
import {
  centralHeader,
  endRecord,
  isArchiveName,
  localHeader,
  MAX_ENTRIES,
  MAX_OFFSET,
  METHOD,
  type ZipEntry,
} from './zip-format.ts';

/** Behind each other they are the archive. */
export type Chunks = AsyncGenerator<Uint8Array, void, undefined>;

/**
 * Writes an archive piece by piece: at no time more than one file is held. The same files give the same bytes, for the
 * compressor is fflate's and not that of whichever Node runs it.
 *
 * @param maxBytes of all files in the archive, packed.
 * @throws {ZipError} where a name cannot stand in an archive or comes twice, or there are more files or bytes than fit.
 */
export async function* writeZip(
  files: AsyncIterable<{ readonly path: string; readonly bytes: Uint8Array }>,
  maxBytes = MAX_OFFSET,
): Chunks {
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let offset = 0;
  for await (const { path: name, bytes } of files) {
    if (!isArchiveName(name)) throw new ZipError(`The name ${JSON.stringify(name.slice(0, 200))} cannot stand in it`);
    if (names.has(name.toLowerCase())) throw new ZipError(`The name ${name} comes twice`);
    names.add(name.toLowerCase());
    const { method, packed } = pack(bytes);
    const entry = { name, method, crc: crc32(bytes), packedSize: packed.length, size: bytes.length, offset };
    const header = localHeader(entry);
    entries.push(entry);
    offset += header.length + packed.length;
    if (entries.length > MAX_ENTRIES || offset > maxBytes) {
      throw new ZipError(`There is more to export than one archive holds, ${MAX_ENTRIES} files or ${maxBytes} bytes`);
    }
    yield header;
    yield packed;
  }
  const directory = Buffer.concat(entries.map(centralHeader));
  yield directory;
  yield endRecord({ count: entries.length, size: directory.length, offset });
}

function pack(bytes: Uint8Array): { method: ZipEntry['method']; packed: Uint8Array } {
  const deflated = deflateSync(bytes, { level: 6 });
  return deflated.length < bytes.length
    ? { method: METHOD.deflated, packed: deflated }
    : { method: METHOD.stored, packed: bytes };
}
