import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { hashingProgress, progressLine } from '#lib/cli/hashing-progress.ts';

const GB = 1e9;

describe('the progress of hashing', () => {
  it('says how far it is, how fast, and how long it still takes', () => {
    expect(progressLine('Hashing model', { done: GB, total: { files: 3, bytes: 4 * GB }, elapsed: 2000 })).toBe(
      'Hashing model  [#####               ]  25%  1.0 GB of 4.0 GB in 3 files  500.0 MB/s  6 s left',
    );
  });

  it('is never above all nor without a number, whatever the files do meanwhile', () => {
    const line = progressLine('x', { done: 20, total: { files: 1, bytes: 10 }, elapsed: 10 });
    expect(line).toContain('  100%  ');
    expect(line).toContain('  0 s left');
    expect(progressLine('x', { done: 0, total: { files: 0, bytes: 0 }, elapsed: 0 })).not.toMatch(/NaN|Infinity/);
  });

  it('escapes what is hashed: a name may drive no terminal', () => {
    expect(progressLine('\u001b[2J', { done: 0, total: { files: 1, bytes: 1 }, elapsed: 1 })).toContain('\\u{1b}[2J');
  });

  it('is silent where nobody looks, and takes itself away where somebody does', () => {
    const { isTTY, columns } = process.stderr;
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    onTestFinished(() => {
      write.mockRestore();
      vi.unstubAllEnvs();
      Object.assign(process.stderr, { isTTY, columns });
    });
    const run = () => {
      const progress = hashingProgress('Hashing');
      progress.onStart({ files: 1, bytes: 10 });
      progress.onProgress(10);
      progress.end();
    };
    Object.assign(process.stderr, { isTTY: false, columns: 40 });
    run();
    expect(write).not.toHaveBeenCalled();
    Object.assign(process.stderr, { isTTY: true });
    vi.stubEnv('TERM', 'xterm');
    run();
    const lines = write.mock.calls.map(([text]) => String(text));
    expect(lines[0]?.startsWith('\r\u001b[KHashing  [')).toBe(true);
    expect(lines[0]?.length).toBeLessThan(4 + 40);
    expect(lines.at(-1)).toBe('\r\u001b[K');
  });
});
