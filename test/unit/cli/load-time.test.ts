import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { COMMANDS, nameOf } from '#lib/cli/command-table.ts';

const guide = readFileSync(new URL('../../../docs/load-time.md', import.meta.url), 'utf8');
const blocks = (language: string) =>
  [...guide.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].flatMap(([, of, text = '']) => (of === language ? [text] : []));

describe('the guide to verifying at load time', () => {
  it('calls only commands and options that there are', async () => {
    const calls = blocks('sh')
      .flatMap((text) => text.replaceAll('\\\n', ' ').split('\n'))
      .flatMap((line) => /\bmodeltrail (\w+) (.*)/.exec(line) ?? [])
      .flatMap((_, i, parts) => (i % 3 === 0 ? [{ name: parts[i + 1] ?? '', rest: parts[i + 2] ?? '' }] : []));
    expect(calls.length).toBeGreaterThan(4);
    for (const { name, rest } of calls) {
      const command = await COMMANDS.find(({ usage }) => nameOf(usage) === name)?.load();
      const known = command?.options.map(({ flags }) => flags.split(' ')[0]) ?? [];
      const [own = ''] = rest.split(/ -- /);
      const used = [...own.matchAll(/(?<!\S)--[a-z-]+/g)].map(([flag]) => flag);
      expect(used.filter((flag) => !known.includes(flag))).toEqual([]);
    }
  });

  it('shows shell and YAML that can be read', () => {
    for (const text of blocks('sh')) expect(spawnSync('bash', ['-n'], { input: text }).status).toBe(0);
    const documents = blocks('yaml').flatMap((text) => parseAllDocuments(text));
    expect(documents).toHaveLength(2);
    expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
  });
});
