import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ML_LEVEL_RULES } from '#lib/provenance/ml-level/judge.ts';

const text = readFileSync(new URL('../../../../docs/levels.md', import.meta.url), 'utf8');

describe('docs/levels.md', () => {
  it('has a row for each check, with what it reads and what it cannot prove, and no other', () => {
    const rows = [...text.matchAll(/^\| (\d\.\d+) \| (.+) \| (.+) \| (.+) \|$/gm)].map(([, ...cells]) => cells);
    expect(rows.map(([id, title, reads]) => ({ id, title, reads }))).toEqual(
      Object.values(ML_LEVEL_RULES).flatMap((rules) => rules.map(({ id, title, reads }) => ({ id, title, reads }))),
    );
    for (const [id, , , limit] of rows) expect(limit, id).toMatch(/^.{8,}\.$/);
  });
});
