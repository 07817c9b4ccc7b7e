import { describe, expect, it } from 'vitest';
import { collectChosen, collectDropped } from '#lib/browser/collect-files.ts';
import { leaveOut } from '#lib/browser/leave-out.ts';
import { PickError } from '#lib/browser/picked-file.ts';

function chosen(path: string): File {
  const file = new File(['x'], path.split('/').at(-1) ?? path);
  return Object.defineProperty(file, 'webkitRelativePath', { value: path.includes('/') ? path : '' });
}

/** Entries as a browser gives them: folders in parts of two. */
type Tree = { readonly [name: string]: Tree | string | Error };

function entryOf(path: string, node: Tree | string | Error): FileSystemEntry {
  const isDirectory = typeof node === 'object' && !(node instanceof Error);
  const file = (resolve: (file: File) => void, reject: (error: Error) => void) =>
    node instanceof Error ? reject(node) : resolve(new File([String(node)], path));
  const createReader = () => {
    const children = Object.entries(node).map(([name, child]) => entryOf(`${path}/${name}`, child));
    return { readEntries: (resolve: (entries: FileSystemEntry[]) => void) => resolve(children.splice(0, 2)) };
  };
  return { fullPath: path, isDirectory, isFile: !isDirectory, file, createReader } as unknown as FileSystemEntry;
}

function dropped(tree: Tree): DataTransferItem[] {
  return Object.entries(tree).map(
    ([name, node]) =>
      ({ kind: 'file', webkitGetAsEntry: () => entryOf(`/${name}`, node) }) as unknown as DataTransferItem,
  );
}

const paths = (files: readonly { readonly path: string }[]) => files.map(({ path }) => path);

describe('files that are chosen', () => {
  it('have paths from the chosen folder', () => {
    const { name, files, problems } = collectChosen([chosen('granite/b.bin'), chosen('granite/a/c.bin')]);
    expect([name, paths(files), problems]).toEqual(['granite', ['a/c.bin', 'b.bin'], []]);
  });

  it('have their own names where they are loose', () => {
    const { name, files } = collectChosen([chosen('b.bin'), chosen('a.bin')]);
    expect([name, paths(files)]).toEqual([null, ['a.bin', 'b.bin']]);
  });

  it('are passed over, and said so, where no manifest could name them', () => {
    const { files, problems } = collectChosen([chosen('m/ok'), chosen('m/a\\b'), chosen('m/ok')]);
    expect(paths(files)).toEqual(['ok']);
    expect(problems.map(({ path }) => path)).toEqual(['a\\b', 'ok']);
    expect(problems[0]?.reason).toMatch(/backslash/);
    expect(problems[1]?.reason).toMatch(/Two files have this path/);
  });

  it('are refused where there are more than a list holds', () => {
    expect(() => collectChosen({ length: 100_001 })).toThrow(PickError);
  });
});

describe('files that are dropped', () => {
  it('are read to the last part of every folder', async () => {
    const folder = { a: '1', b: '2', c: '3', d: { e: '4', f: { g: '5' } }, h: {} };
    const { name, files } = await collectDropped(dropped({ model: folder }));
    expect([name, paths(files)]).toEqual(['model', ['a', 'b', 'c', 'd/e', 'd/f/g']]);
  });

  it('keep the names of their folders where there are several', async () => {
    const { name, files } = await collectDropped(dropped({ one: { a: '1' }, two: { a: '2' } }));
    expect([name, paths(files)]).toEqual([null, ['one/a', 'two/a']]);
  });

  it('lose no other file to one that cannot be read', async () => {
    const { files, problems } = await collectDropped(dropped({ m: { good: '1', bad: new Error('no right to it') } }));
    expect(paths(files)).toEqual(['good']);
    expect(problems).toEqual([{ path: 'bad', reason: expect.stringContaining('no right to it') }]);
  });

  it('are not what is no file: text and links are passed over', async () => {
    const text = { kind: 'string', webkitGetAsEntry: () => null } as unknown as DataTransferItem;
    expect(await collectDropped([text])).toEqual({ name: null, files: [], problems: [] });
  });
});

describe('what is left out', () => {
  const { files } = collectChosen(['m/.git/config', 'm/sub/.git/x', 'm/tmp/a', 'm/tmp/b', 'm/w.bin'].map(chosen));

  it('is the usual paths of Git at the top, and what was named, each with its rule', () => {
    const kept = leaveOut(files, ['tmp/'], true);
    expect(paths(kept.files)).toEqual(['sub/.git/x', 'w.bin']);
    expect(kept.leftOut).toEqual([
      { rule: { by: 'default', path: '.git' }, files: 1, bytes: 1 },
      { rule: { by: 'operator', path: 'tmp' }, files: 2, bytes: 2 },
    ]);
  });

  it('names no rule that left out nothing', () => {
    expect(leaveOut(files, ['elsewhere', '../out'], false)).toEqual({ files, leftOut: [] });
  });
});
