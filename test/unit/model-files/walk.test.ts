import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelFilesError } from '#lib/model-files/model-files-error.ts';
import { relativeToModel, walkModel } from '#lib/model-files/walk.ts';
import { IgnoreRules } from '#lib/model-signing/ignore.ts';

let model = '';
beforeEach(() => {
  model = mkdtempSync(join(tmpdir(), 'modeltrail-walk-'));
});
afterEach(() => rmSync(model, { recursive: true }));

function put(path: string, content: string | Uint8Array = path): void {
  mkdirSync(dirname(join(model, path)), { recursive: true });
  writeFileSync(join(model, path), content);
}

const walk = async (allowSymlinks = false, rules = new IgnoreRules()) => {
  const { files, ignored } = await walkModel(model, { rules, allowSymlinks });
  return { files: files.map(({ path }) => path).sort(), ignored: ignored.map(({ path }) => path).sort() };
};
const refusal = async (allowSymlinks = false) => {
  const error: unknown = await walk(allowSymlinks).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ModelFilesError);
  return error as ModelFilesError;
};

describe("walking a model's folder", () => {
  it('lists every file with its size, hidden ones too, and what is left out by its top alone', async () => {
    for (const path of ['a', 'sub/.git/x', '.hidden/y', '.git/objects/1', '.git/objects/2', '.gitmodules']) put(path);
    expect(await walk()).toEqual({ files: ['.gitmodules', '.hidden/y', 'a', 'sub/.git/x'], ignored: ['.git'] });
    const { files } = await walkModel(model, { rules: new IgnoreRules({ operator: ['sub'] }) });
    expect(files.find(({ path }) => path === 'a')?.size).toBe(1);
    expect(files.some(({ path }) => path.startsWith('sub'))).toBe(false);
  });

  it('takes a model of one file as "."', async () => {
    put('w.bin', 'abc');
    const { files } = await walkModel(join(model, 'w.bin'), { rules: new IgnoreRules() });
    expect(files).toEqual([{ path: '.', size: 3 }]);
  });

  it('refuses symbolic links where they are not allowed: to files, to folders, and the model itself', async () => {
    put('a');
    symlinkSync('a', join(model, 'link'));
    expect((await refusal()).code).toBe('symlink');
    rmSync(join(model, 'link'));
    symlinkSync('.', join(model, 'cycle'));
    expect((await refusal()).message).toContain('"cycle" is a symbolic link');
    const itself = join(model, 'cycle');
    await expect(walkModel(itself, { rules: new IgnoreRules() })).rejects.toMatchObject({ code: 'symlink' });
  });

  it('follows links to files where they are allowed, but none to folders, so that no cycle has an end', async () => {
    put('a');
    put('sub/b');
    symlinkSync('a', join(model, 'link'));
    symlinkSync('.', join(model, 'cycle'));
    symlinkSync('sub', join(model, 'again'));
    expect(await walk(true)).toEqual({ files: ['a', 'link', 'sub/b'], ignored: [] });
  });

  it('refuses links that lead nowhere even where links are allowed', async () => {
    symlinkSync('nowhere', join(model, 'link'));
    expect((await refusal(true)).code).toBe('unreadable');
  });

  it('does not look into what is left out', async () => {
    put('a');
    mkdirSync(join(model, '.git'));
    symlinkSync('nowhere', join(model, '.git/link'));
    expect(await walk()).toEqual({ files: ['a'], ignored: ['.git'] });
  });

  it('refuses what is neither file nor folder', async () => {
    execFileSync('mkfifo', [join(model, 'pipe')]);
    expect((await refusal()).code).toBe('not-a-file');
  });

  it('refuses names that are not UTF-8', async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${model}/`), Buffer.of(0x61, 0xff)]), 'x');
    const error = await refusal();
    expect(error.code).toBe('bad-name');
    expect(error.message).toContain('bytes 61ff');
    rmSync(Buffer.concat([Buffer.from(`${model}/`), Buffer.of(0x61, 0xff)]));
  });

  it('says what cannot be read', async () => {
    await expect(walkModel(join(model, 'missing'), { rules: new IgnoreRules() })).rejects.toThrow(
      /missing cannot be read/,
    );
  });
});

describe('paths to leave out', () => {
  it('are made relative to the model, and dropped where they lie outside', () => {
    expect(relativeToModel('/models/m', ['/models/m/logs', '/models/m', '/models/other', '/', '/models/mm'])).toEqual([
      'logs',
      '.',
    ]);
    expect(relativeToModel('/models/m', ['/models/m/..x/a', '/models/m/a/../b'])).toEqual(['..x/a', 'b']);
    expect(relativeToModel(process.cwd(), ['lib/x'])).toEqual(['lib/x']);
  });
});
