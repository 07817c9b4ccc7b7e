import { crc32, inflateRawSync } from 'node:zlib';
import { ZipError } from './zip-error.ts';
import {
  CENTRAL_HEADER_BYTES,
  centralHeader,
  END_RECORD_BYTES,
  endRecord,
  isArchiveName,
  localHeader,
  MAX_ENTRIES,
  MAX_NAME,
  METHOD,
  type ZipEntry,
} from './zip-format.ts';

/** Deflate packs no tighter than 1,032 to 1. */
const MAX_RATIO = 1032;

export interface ZipLimits {
  readonly maxFiles: number;
  /** Bytes of one file, unpacked. */
  readonly maxFileBytes: number;
  /** Bytes of all files, unpacked. */
  readonly maxTotalBytes: number;
}

/** An archive whose directory was read; its files are unpacked one by one, when they are asked for. */
export interface ZipArchive {
  /** In the order in which they lie in the archive. */
  readonly names: readonly string[];
  has(name: string): boolean;
  /** @throws {ZipError} where there is no such file, or its bytes are not what its header says. */
  read(name: string): Buffer;
}

/**
 * Opens an archive as `writeZip` writes it, and no other: every byte that is not a file's must be the only one that can
 * stand there, so that nothing hides between files, behind the end or in a header, and no other program sees other files.
 *
 * @throws {ZipError} saying what is wrong.
 */
export function openZip(bytes: Uint8Array, limits: ZipLimits): ZipArchive {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const { count, start } = readEnd(archive, limits);
  const entries = new Map<string, ZipEntry>();
  const folded = new Set<string>();
  let [at, offset, total] = [start, 0, 0];
  for (let i = 0; i < count; i++) {
    const entry = readCentral(archive, at, archive.length - END_RECORD_BYTES);
    const { name, size } = entry;
    if (folded.has(name.toLowerCase())) throw new ZipError(`It holds ${name} twice`);
    folded.add(name.toLowerCase());
    total += size;
    if (size > limits.maxFileBytes || total > limits.maxTotalBytes) {
      throw new ZipError(`Unpacked, ${name} makes it larger than is read`);
    }
    offset = checkLocal(archive, entry, offset, start);
    entries.set(name, entry);
    at += CENTRAL_HEADER_BYTES + name.length;
  }
  if (offset !== start || at !== archive.length - END_RECORD_BYTES) {
    throw new ZipError('Bytes lie in it that belong to no file');
  }
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    read: (name) => {
      const entry = entries.get(name);
      if (!entry) throw new ZipError(`It holds no ${name}`);
      return unpack(archive, entry);
    },
  };
}

function readEnd(archive: Buffer, limits: ZipLimits): { count: number; start: number } {
  const end = archive.length - END_RECORD_BYTES;
  if (end < 0) throw new ZipError('It is too short for a ZIP archive');
  const record = archive.subarray(end);
  const [count, size, start] = [record.readUInt16LE(8), record.readUInt32LE(12), record.readUInt32LE(16)];
  if (!record.equals(endRecord({ count, size, offset: start })) || start + size !== end) {
    throw new ZipError(
      'It does not end as an archive of an incident does; it was cut off, or packed by another program',
    );
  }
  if (count > Math.min(limits.maxFiles, MAX_ENTRIES)) {
    throw new ZipError(`It holds ${count} files, more than the ${limits.maxFiles} that are read`);
  }
  return { count, start };
}

function readCentral(archive: Buffer, at: number, end: number): ZipEntry {
  if (at + CENTRAL_HEADER_BYTES > end) throw new ZipError('Its directory is cut short');
  const nameLength = archive.readUInt16LE(at + 28);
  const until = at + CENTRAL_HEADER_BYTES + nameLength;
  if (nameLength > MAX_NAME || until > end) throw new ZipError('Its directory has a name that is too long');
  const name = archive.toString('latin1', at + CENTRAL_HEADER_BYTES, until);
  if (!isArchiveName(name)) {
    throw new ZipError(`It holds a file with the name ${JSON.stringify(name)}, which no archive of an incident has`);
  }
  const method = archive.readUInt16LE(at + 10);
  if (method !== METHOD.stored && method !== METHOD.deflated) throw new ZipError(`${name} is packed in an unknown way`);
  const entry: ZipEntry = {
    name,
    method,
    crc: archive.readUInt32LE(at + 16),
    packedSize: archive.readUInt32LE(at + 20),
    size: archive.readUInt32LE(at + 24),
    offset: archive.readUInt32LE(at + 42),
  };
  if (!archive.subarray(at, until).equals(centralHeader(entry))) {
    throw new ZipError(
      `The directory says of ${name} what no archive of an incident says: a link, a time, encryption, a comment`,
    );
  }
  return entry;
}

/** @returns where the file ends, which is where the next one begins. */
function checkLocal(archive: Buffer, entry: ZipEntry, expected: number, end: number): number {
  const header = localHeader(entry);
  const from = entry.offset + header.length;
  if (entry.offset !== expected || from + entry.packedSize > end) {
    throw new ZipError(`${entry.name} does not lie where the file before it ends`);
  }
  if (!archive.subarray(entry.offset, from).equals(header)) {
    throw new ZipError(`The directory and the header of ${entry.name} say different things`);
  }
  const isStored = entry.method === METHOD.stored;
  if (isStored ? entry.packedSize !== entry.size : entry.size > entry.packedSize * MAX_RATIO) {
    throw new ZipError(`${entry.name} cannot have the size that is given for it`);
  }
  return from + entry.packedSize;
}

function unpack(archive: Buffer, entry: ZipEntry): Buffer {
  const from = entry.offset + localHeader(entry).length;
  const packed = archive.subarray(from, from + entry.packedSize);
  const bytes = entry.method === METHOD.stored ? packed : inflate(packed, entry);
  if (bytes.length !== entry.size || crc32(bytes) !== entry.crc) {
    throw new ZipError(`${entry.name} is damaged: its check sum is not that of its bytes`);
  }
  return bytes;
}

/** What zlib gives with `info`, which its types do not tell of: how much of its input was used up. */
interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function inflate(packed: Buffer, { name, size }: ZipEntry): Buffer {
  try {
    // One byte more than said would be one too many: it is never unpacked further.
    const inflated: unknown = inflateRawSync(packed, { maxOutputLength: Math.max(1, size), info: true });
    if (isInflated(inflated) && inflated.engine.bytesWritten === packed.length) return inflated.buffer;
  } catch {
    // Said below, as for bytes behind the end.
  }
  throw new ZipError(`${name} cannot be unpacked to the size that is given for it`);
}

function isInflated(value: unknown): value is Inflated {
  return typeof value === 'object' && value !== null && 'buffer' in value && 'engine' in value;
}
