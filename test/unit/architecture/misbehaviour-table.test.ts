import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HOSTILE_ENTRIES } from '#test/support/hostile-log/entries.ts';
import { MISBEHAVIOURS } from '#test/support/hostile-log/registry.ts';
import { misbehaviourRows } from '#test/support/hostile-log/table.ts';

const ROOT = new URL('../../../', import.meta.url);
const HEADING = '## Misbehaviour of logs, each tested';

/** The rows of the section's table, without its head. */
function writtenRows(): string[] {
  const document = readFileSync(new URL('docs/threat-model.md', ROOT), 'utf8');
  const [, section = ''] = document.split(`${HEADING}\n`);
  const [text = ''] = section.split('\n## ');
  return text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| what the log does'));
}

describe('the table of misbehaviour in docs/threat-model.md', () => {
  it('has a row for each misbehaviour that is tested, says what is tested, and has no other', () => {
    expect(writtenRows()).toEqual(misbehaviourRows());
  });

  it('names each misbehaviour once, and tests that are there', () => {
    const names = [...Object.values(MISBEHAVIOURS).flat(), ...HOSTILE_ENTRIES].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(30);
    const files = readdirSync(new URL('test/integration/hostile-log', ROOT));
    for (const part of [...Object.keys(MISBEHAVIOURS), 'entries']) expect(files).toContain(`${part}.test.ts`);
  });
});
