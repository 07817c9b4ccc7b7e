import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffInputs, type VersionInput } from '#lib/provenance/input-diff.ts';
import { diffFiles, diffLabelled, type ListedFile } from '#lib/provenance/version-diff.ts';

function file(path: string, digest: string): ListedFile {
  return { path, algorithm: 'sha256', digest };
}

const files = fc.uniqueArray(fc.tuple(fc.string({ maxLength: 3 }), fc.constantFrom('a', 'b', 'c')), {
  selector: ([path]) => path,
  maxLength: 30,
});

describe('files of two versions', () => {
  it('are added, removed, changed or renamed, by path', () => {
    const before = [file('a', '1'), file('b', '2'), file('c', '3'), file('old', '4')];
    const after = [file('a', '1'), file('b', '9'), file('d', '5'), file('new', '4')];
    const { changes, unchanged } = diffFiles(before, after);
    expect(changes.map(({ kind, file: { path } }) => [kind, path])).toEqual([
      ['changed', 'b'],
      ['removed', 'c'],
      ['added', 'd'],
      ['renamed', 'new'],
    ]);
    expect(unchanged).toBe(1);
  });

  it('with one content are paired one to one', () => {
    const { changes } = diffFiles([file('a', '1'), file('b', '1')], [file('x', '1')]);
    expect(
      changes.map((change) => [change.kind, change.file.path, 'before' in change ? change.before.path : null]),
    ).toEqual([
      ['removed', 'b', null],
      ['renamed', 'x', 'a'],
    ]);
  });

  it('account for every file of both, each once', () => {
    fc.assert(
      fc.property(files, files, (left, right) => {
        const [before, after] = [left, right].map((all) => all.map(([path, digest]) => file(path, digest)));
        const { changes, unchanged } = diffFiles(before ?? [], after ?? []);
        const old = changes.filter(({ kind }) => kind !== 'added').length;
        const young = changes.filter(({ kind }) => kind !== 'removed').length;
        expect(old + unchanged).toBe(left.length);
        expect(young + unchanged).toBe(right.length);
      }),
    );
  });

  it('are compared in a moment, though a hundred thousand have the same content', () => {
    const many = (folder: string) => Array.from({ length: 100_000 }, (_, i) => file(`${folder}/${i}`, 'same'));
    const started = performance.now();
    const { changes } = diffFiles(many('a'), many('b'));
    expect(changes.every(({ kind }) => kind === 'renamed')).toBe(true);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('inputs of two versions', () => {
  const input = (artifactId: number, name: string | null): VersionInput => ({
    artifactId,
    role: 'dataset',
    name,
    scheme: 'sha256',
    value: String(artifactId),
    state: 'verified',
  });

  it('are the same thing, another thing of the same name, new, or gone', () => {
    const changes = diffInputs(
      [input(1, 'a'), input(2, 'b'), input(3, 'c')],
      [input(1, 'a'), input(5, 'b'), input(6, null)],
    );
    expect(
      changes.map(({ kind, before, after }) => [kind, before?.artifactId ?? null, after?.artifactId ?? null]),
    ).toEqual([
      ['changed', 2, 5],
      ['removed', 3, null],
      ['added', null, 6],
      ['same', 1, 1],
    ]);
  });

  it('in another role are other inputs', () => {
    const changes = diffInputs([input(1, 'a')], [{ ...input(1, 'a'), role: 'base-model' }]);
    expect(changes.map(({ role, kind }) => [role, kind])).toEqual([
      ['base-model', 'added'],
      ['dataset', 'removed'],
    ]);
  });
});

describe('labelled values of two versions', () => {
  it('stand side by side, those stated twice together, and none is left out', () => {
    const value = (label: string, text: string) => ({ label, value: text, at: 'predicate' });
    expect(
      diffLabelled(
        [value('GPU', 'H100'), value('GPU', 'A100'), value('os', 'x')],
        [value('GPU', 'H100'), value('lr', '1')],
      ),
    ).toEqual([
      { label: 'GPU', before: 'A100, H100', after: 'H100' },
      { label: 'lr', before: null, after: '1' },
      { label: 'os', before: 'x', after: null },
    ]);
  });
});
