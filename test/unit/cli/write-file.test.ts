import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { UsageError } from '#lib/cli/command.ts';
import { writeFileWhole } from '#lib/cli/write-file.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modeltrail-write-'));
  file = join(folder, 'file');
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

describe('writing a file whole', () => {
  it('makes or replaces it, and leaves nothing else behind', async () => {
    await writeFileWhole(file, 'first', 'list');
    await writeFileWhole(file, Buffer.from('second'), 'list');
    expect(readFileSync(file, 'utf8')).toBe('second');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('replaces what a link leads to, and leaves the link', async () => {
    writeFileSync(join(folder, 'target'), 'first');
    symlinkSync('target', file);
    await writeFileWhole(file, 'second', 'list');
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('second');
  });

  it('refuses what is no file, and folders that are not there, with a reason', async () => {
    mkdirSync(file);
    const writing = writeFileWhole(file, 'x', 'list');
    await expect(writing).rejects.toThrow(UsageError);
    await expect(writing).rejects.toThrow(`The list ${file} cannot be written: there is something else than a file.`);
    await expect(writeFileWhole('/dev/null', 'x', 'list')).rejects.toThrow('something else than a file');
    await expect(writeFileWhole(join(folder, 'no/file'), 'x', 'list')).rejects.toThrow('ENOENT');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  it('does not write through a link in the place of its temporary file', async () => {
    writeFileSync(join(folder, 'other'), 'other');
    symlinkSync('other', `${file}.${process.pid}.tmp`);
    await expect(writeFileWhole(file, 'x', 'list')).rejects.toThrow('EEXIST');
    expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('other');
  });
});
