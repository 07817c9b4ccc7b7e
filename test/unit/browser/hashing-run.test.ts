import { describe, expect, it } from 'vitest';
import { HashingRun } from '#lib/browser/hashing-run.ts';

const picked = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    path: `f${String(i).padStart(5, '0')}`,
    file: new File(['0123456789'], 'f'),
  }));

describe('a run as it is drawn', () => {
  it('shows each file on its way', () => {
    const run = new HashingRun(picked(4), 0);
    run.advance(1, 4, 100);
    run.advance(2, 10, 200);
    run.finish(2, { pieces: [] }, 200);
    run.finish(3, { reason: 'It is gone.' }, 300);
    const view = run.view(1000);
    expect(view.rows.map(({ step }) => step)).toEqual(['waiting', 'hashing', 'hashed', 'failed']);
    expect(view.rows[3]?.reason).toBe('It is gone.');
    expect(view).toMatchObject({ files: 4, done: 2, failed: 1, totalBytes: 40, bytes: 24 });
  });

  it('comes to its end though files fail', () => {
    const run = new HashingRun(picked(2), 0);
    run.advance(0, 10, 1);
    run.finish(0, { pieces: [] }, 1);
    run.advance(1, 3, 2);
    run.finish(1, { reason: 'It is gone.' }, 3);
    expect(run.view(4)).toMatchObject({ share: 1, done: 2 });
  });

  it('draws a part of a long list: what failed and what is under way first', () => {
    const run = new HashingRun(picked(20_000), 0);
    run.finish(19_999, { reason: 'It is gone.' }, 1);
    run.advance(15_000, 5, 2);
    const { rows } = run.view(3);
    expect(rows).toHaveLength(200);
    expect(rows.slice(0, 3).map(({ path }) => path)).toEqual(['f19999', 'f15000', 'f00000']);
  });
});
