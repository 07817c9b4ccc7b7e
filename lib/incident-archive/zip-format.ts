/**
 * The part of ZIP (APPNOTE 6.3.10) that an incident's archive is: files behind each other without gaps, stored or deflated,
 * names of ASCII, no comments, no extra fields, no times, no attributes, no encryption, one volume, no ZIP64. So whatever a
 * header says besides a file's name, sizes and check sum is fixed, and no two programs can read two things in one archive.
 */

/** How the bytes of a file lie in the archive. */
export const METHOD = { stored: 0, deflated: 8 } as const;

/** One file as both of its headers have it. */
export interface ZipEntry {
  readonly name: string;
  readonly method: (typeof METHOD)[keyof typeof METHOD];
  /** CRC-32 of the file. */
  readonly crc: number;
  /** Bytes in the archive. */
  readonly packedSize: number;
  /** Bytes of the file. */
  readonly size: number;
  /** Where its local header begins. */
  readonly offset: number;
}

export const LOCAL_HEADER_BYTES = 30;
export const CENTRAL_HEADER_BYTES = 46;
export const END_RECORD_BYTES = 22;

/** One less than what ZIP64 begins at. */
export const MAX_ENTRIES = 0xfffe;
export const MAX_OFFSET = 0xffff_fffe;
export const MAX_NAME = 200;

const VERSION = 20;
/** 1 January 1980, the first day that ZIP has: a time of its own would be one more thing to tell archives apart by. */
const NO_DATE = 0x0021;
const SIGNATURE = { local: 0x0403_4b50, central: 0x0201_4b50, end: 0x0605_4b50 } as const;
const PART = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/** Whether a name can stand in an archive: parts of plain ASCII between single slashes, none of which leads anywhere else. */
export function isArchiveName(name: string): boolean {
  return name.length <= MAX_NAME && name.split('/').every((part) => PART.test(part) && !part.endsWith('.'));
}

/** What stands before a file's bytes. */
export function localHeader({ name, method, crc, packedSize, size }: Omit<ZipEntry, 'offset'>): Buffer {
  const header = Buffer.alloc(LOCAL_HEADER_BYTES + name.length);
  header.writeUInt32LE(SIGNATURE.local, 0);
  header.writeUInt16LE(VERSION, 4);
  writeCommon(header, 8, { method, crc, packedSize, size, name });
  header.write(name, LOCAL_HEADER_BYTES, 'latin1');
  return header;
}

/** The file's row in the directory at the end. */
export function centralHeader({ name, method, crc, packedSize, size, offset }: ZipEntry): Buffer {
  const header = Buffer.alloc(CENTRAL_HEADER_BYTES + name.length);
  header.writeUInt32LE(SIGNATURE.central, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(VERSION, 6);
  writeCommon(header, 10, { method, crc, packedSize, size, name });
  header.writeUInt32LE(offset, 42);
  header.write(name, CENTRAL_HEADER_BYTES, 'latin1');
  return header;
}

/** The last bytes of an archive: how many files there are, and where their directory lies. */
export function endRecord({ count, size, offset }: { count: number; size: number; offset: number }): Buffer {
  const record = Buffer.alloc(END_RECORD_BYTES);
  record.writeUInt32LE(SIGNATURE.end, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}

/** From the method to the length of the name both headers are the same. */
function writeCommon(
  header: Buffer,
  at: number,
  { method, crc, packedSize, size, name }: Omit<ZipEntry, 'offset'>,
): void {
  header.writeUInt16LE(method, at);
  header.writeUInt16LE(0, at + 2);
  header.writeUInt16LE(NO_DATE, at + 4);
  header.writeUInt32LE(crc, at + 6);
  header.writeUInt32LE(packedSize, at + 10);
  header.writeUInt32LE(size, at + 14);
  header.writeUInt16LE(name.length, at + 18);
}
