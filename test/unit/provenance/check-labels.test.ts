import { describe, expect, it } from 'vitest';
import { CHECK_NAMES, type Check, type CheckName } from '#lib/provenance/check.ts';
import { CHECK_LABELS, orderChecks } from '#lib/provenance/check-labels.ts';

function check(name: string): Check {
  return { name: name as CheckName, outcome: 'passed', statement: '', evidence: {} };
}

describe('checks on a page', () => {
  it('are each called something of their own', () => {
    expect(new Set(CHECK_NAMES.map((name) => CHECK_LABELS[name])).size).toBe(CHECK_NAMES.length);
  });

  it('stand in the order in which they build on each other, unknown ones last and none lost', () => {
    const names = ['signature', 'made-by-a-newer-version', 'inclusion', 'checkpoint-signature', 'inclusion'];
    expect(orderChecks(names.map(check)).map(({ name }) => name)).toEqual([
      'checkpoint-signature',
      'inclusion',
      'inclusion',
      'signature',
      'made-by-a-newer-version',
    ]);
  });
});
