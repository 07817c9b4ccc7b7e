import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { ZipError } from '#lib/incident-archive/zip-error.ts';
import {
  centralHeader,
  endRecord,
  isArchiveName,
  localHeader,
  type ZipEntry,
} from '#lib/incident-archive/zip-format.ts';
import { openZip, type ZipLimits } from '#lib/incident-archive/zip-reader.ts';
import { writeZip } from '#lib/incident-archive/zip-writer.ts';
import { flipByte, packArchive } from '#test/support/archive-files.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { joinChunks } from '#test/support/story-incident.ts';

const LIMITS: ZipLimits = { maxFiles: 100, maxFileBytes: 1_000_000, maxTotalBytes: 2_000_000 };

const names = fc.stringMatching(/^[a-z]{1,8}(\/[a-z0-9_-]{1,8}){0,2}(\.[a-z]{1,4})?$/).filter(isArchiveName);
const someFiles = fc
  .uniqueArray(fc.tuple(names, fc.uint8Array({ maxLength: 2000 })), { maxLength: 8, selector: ([name]) => name })
  .map((files) => new Map(files));

/** An archive of entries that need not be what `writeZip` would write. */
function handMade(entries: readonly (Partial<ZipEntry> & { name: string; packed?: Uint8Array })[]): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { packed = Buffer.from('hello'), ...given } of entries) {
    const sizes = { packedSize: packed.length, size: packed.length };
    const entry: ZipEntry = { method: 0, crc: crc32(packed), ...sizes, offset, ...given };
    const header = localHeader(entry);
    pieces.push(header, Buffer.from(packed));
    directory.push(centralHeader(entry));
    offset += header.length + packed.length;
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([...pieces, central, endRecord({ count: entries.length, size: central.length, offset })]);
}

const readAll = (archive: Uint8Array, limits = LIMITS) => {
  const zip = openZip(archive, limits);
  return new Map(zip.names.map((name) => [name, Buffer.from(zip.read(name)).toString('hex')]));
};

describe('an archive', () => {
  it('gives back every file, in order', async () => {
    await fc.assert(
      fc.asyncProperty(someFiles, async (files) => {
        const read = readAll(await packArchive(files));
        expect([...read]).toEqual([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString('hex')]));
      }),
    );
  });

  it('is the same for the same files', async () => {
    await fc.assert(
      fc.asyncProperty(someFiles, async (files) => {
        expect((await packArchive(files)).equals(await packArchive(files))).toBe(true);
      }),
    );
  });

  it('is read by other programs', async () => {
    const folder = temporaryFolder();
    const archive = await packArchive(
      new Map([
        ['a/b.txt', Buffer.from('hello '.repeat(100))],
        ['c.bin', Buffer.alloc(0)],
      ]),
    );
    writeFileSync(join(folder.path, 'x.zip'), archive);
    const script =
      'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(z.namelist(), len(z.read("a/b.txt")))';
    const said = execFileSync('python3', ['-c', script, join(folder.path, 'x.zip')]).toString();
    folder.remove();
    expect(said.trim()).toBe("['a/b.txt', 'c.bin'] 600");
  });

  it('whose any bit is flipped is refused, or is of the same files', async () => {
    const files = new Map([
      ['a.txt', Buffer.from('the same words, the same words, the same words')],
      ['b/c.bin', Buffer.from([0, 1, 2, 3])],
    ]);
    const archive = await packArchive(files);
    const before = readAll(archive);
    let passed = 0;
    for (let at = 0; at < archive.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = Buffer.from(archive);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
        try {
          expect(readAll(flipped)).toEqual(before);
          passed++;
        } catch (error) {
          expect(error).toBeInstanceOf(ZipError);
        }
      }
    }
    // Bits that fill up the last byte of a deflated file say nothing.
    expect(passed).toBeLessThan(16);
  });

  it('is never made of random bytes, nor of an archive cut off or with more behind it', async () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(() => readAll(bytes)).toThrow(ZipError);
      }),
    );
    const archive = await packArchive(new Map([['a.txt', Buffer.from('hello')]]));
    for (let length = 0; length < archive.length; length++) {
      expect(() => readAll(archive.subarray(0, length))).toThrow(ZipError);
    }
    expect(() => readAll(Buffer.concat([archive, Buffer.alloc(1)]))).toThrow(/does not end as/);
    expect(() => readAll(Buffer.concat([Buffer.alloc(1), archive]))).toThrow(ZipError);
  });

  it('of another program is refused, whatever it holds', () => {
    const archive = zipSync({ 'a.txt': Buffer.from('hello') }, { mtime: new Date(2026, 1, 1) });
    expect(() => readAll(archive)).toThrow(ZipError);
  });
});

describe('a name in an archive', () => {
  it.each([
    '/etc/passwd',
    '../up.txt',
    'a/../../b',
    'a/./b',
    'a//b',
    'a\\b',
    'C:/x',
    'a/',
    '',
    '.hidden',
    'a/.',
    'é.txt',
    'a b',
    'a.',
    'x'.repeat(201),
    'con\0',
  ])('that is %j is neither read nor written', async (name) => {
    if (Buffer.from(name, 'latin1').toString('latin1') === name && name !== '') {
      expect(() => readAll(handMade([{ name }]))).toThrow(ZipError);
    }
    await expect(packArchive(new Map([[name, Buffer.from('x')]]))).rejects.toThrow(ZipError);
  });

  it('that comes twice is neither read nor written, whatever its case', async () => {
    expect(() => readAll(handMade([{ name: 'a.txt' }, { name: 'a.txt' }]))).toThrow('It holds a.txt twice');
    expect(() => readAll(handMade([{ name: 'a.txt' }, { name: 'A.txt' }]))).toThrow('It holds A.txt twice');
    await expect(
      packArchive(
        new Map([
          ['a', Buffer.from('x')],
          ['A', Buffer.from('y')],
        ]),
      ),
    ).rejects.toThrow('twice');
  });
});

describe('a hostile archive', () => {
  it('with a symbolic link is refused', () => {
    const archive = handMade([{ name: 'link' }]);
    const central = archive.indexOf(Buffer.from('504b0102', 'hex'));
    archive[central + 5] = 3; // Made by Unix,
    archive.writeUInt32LE(0o120777 * 0x10000, central + 38); // as a link.
    expect(() => readAll(archive)).toThrow(/a link, a time, encryption/);
  });

  it('whose header says another name than its directory is refused', () => {
    const archive = handMade([{ name: 'good.txt' }]);
    archive.write('evil.txt', 30, 'latin1');
    expect(() => readAll(archive)).toThrow(/say different things/);
  });

  it('with bytes between its files is refused', () => {
    const gap = handMade([{ name: 'a.txt' }, { name: 'b.txt', offset: 41 }]);
    expect(() => readAll(gap)).toThrow(/does not lie where the file before it ends/);
    const overlap = handMade([{ name: 'a.txt' }, { name: 'b.txt', offset: 0 }]);
    expect(() => readAll(overlap)).toThrow(ZipError);
  });

  it('with a wrong check sum is refused', () => {
    expect(() => readAll(handMade([{ name: 'a.txt', crc: 1 }]))).toThrow('a.txt is damaged');
  });

  it('that unpacks to more than it says is not unpacked further', () => {
    const packed = deflateRawSync(Buffer.alloc(900_000));
    const entry = { name: 'bomb', method: 8 as const, packed, crc: crc32(Buffer.alloc(5)) };
    expect(() => readAll(handMade([{ ...entry, size: 5 }]))).toThrow(/cannot be unpacked to the size/);
  });

  it('that says that it unpacks to more than is read, or than can be, is not unpacked at all', () => {
    const packed = deflateRawSync(Buffer.alloc(900_000));
    const bomb = { name: 'bomb', method: 8 as const, packed, crc: 0, size: 900_000 };
    expect(() => openZip(handMade([bomb]), { ...LIMITS, maxFileBytes: 800_000 })).toThrow(/larger than is read/);
    const three = ['a', 'b', 'c'].map((name) => ({ ...bomb, name }));
    expect(() => openZip(handMade(three), LIMITS)).toThrow('Unpacked, c makes it larger than is read');
    expect(() => openZip(handMade([{ ...bomb, packed: Buffer.from('abc') }]), LIMITS)).toThrow(/cannot have the size/);
  });

  it('with bytes behind the end of a deflated file is refused', () => {
    const file = Buffer.from('hello hello hello');
    const packed = Buffer.concat([deflateRawSync(file), Buffer.from('hidden')]);
    const entry = { name: 'a.txt', method: 8 as const, packed, crc: crc32(file), size: file.length };
    expect(() => readAll(handMade([entry]))).toThrow(/cannot be unpacked/);
  });

  it('of too many files is refused before any is read', () => {
    const many = Array.from({ length: 101 }, (_, i) => ({ name: `f${i}` }));
    expect(() => readAll(handMade(many))).toThrow('It holds 101 files, more than the 100 that are read');
  });
});

describe('writing', () => {
  it('holds one file at a time', async () => {
    let [made, taken] = [0, 0];
    async function* files() {
      for (let i = 0; i < 5; i++) {
        expect(made - taken).toBeLessThanOrEqual(1);
        made++;
        yield { path: `f${i}`, bytes: Buffer.from(`file ${i}`) };
        taken++;
      }
    }
    const archive = await joinChunks(writeZip(files()));
    expect(readAll(archive).size).toBe(5);
    expect(() => readAll(flipByte(archive, 40))).toThrow(ZipError);
  });
});
