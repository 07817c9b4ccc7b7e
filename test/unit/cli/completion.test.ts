import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS, nameOf } from '#lib/cli/command-table.ts';
import { completionScript, SHELLS } from '#lib/cli/completion-script.ts';
import { temporaryFolder } from '#test/support/product.ts';
import { runCli } from './run-cli.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const fileOf = (shell: string) => join(folder.path, `modeltrail.${shell}`);
const isThere = (shell: string) => spawnSync(shell, ['--version']).status === 0;

/** What bash offers for a command line whose last word is being typed. */
function completeInBash(...words: string[]): string[] {
  const ask = `source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _modeltrail; echo "\${COMPREPLY[*]}"`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', ask, fileOf('bash'), 'modeltrail', ...words], {
    encoding: 'utf8',
  });
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  return stdout.trim().split(' ').filter(Boolean);
}

describe('completion', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    for (const shell of SHELLS) {
      const { code, stdout } = await runCli(['completion', shell]);
      expect(code).toBe(0);
      writeFileSync(fileOf(shell), stdout);
    }
  });

  it('offers every command in bash, word by word', () => {
    const names = COMMANDS.map(({ usage }) => nameOf(usage));
    expect(completeInBash('').sort()).toEqual([...new Set(names.map((name) => name.split(' ')[0] ?? ''))].sort());
    for (const name of names.filter((one) => one.includes(' '))) {
      const [group = '', word = ''] = name.split(' ');
      expect(completeInBash(group, word.slice(0, 2))).toContain(word);
    }
  });

  it('offers every option of every command in bash', async () => {
    for (const { usage, load } of COMMANDS) {
      const flags = (await load()).options.map((option) => option.flags.split(' ')[0] ?? '');
      expect(completeInBash(...nameOf(usage).split(' '), '--')).toEqual([...flags, '--help']);
    }
  });

  it.each([
    [['tok'], ['token']],
    [['token', 'create', 'name', '--sc'], ['--scope']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['completion', 'bash', ''], []],
    [['verify', '--key', ''], []],
    [['verify', '--identity', '--'], []],
    [['run', '--', 'ls', '--'], []],
    [['no-such', ''], []],
  ])('offers for %j in bash %j', (words, offered) => {
    expect(completeInBash(...words)).toEqual(offered);
  });

  it.for(SHELLS)('is a script that %s can read', (shell, { skip }) => {
    if (!isThere(shell)) skip(`${shell} is not installed`);
    const { status, stderr } = spawnSync(shell, ['-n', fileOf(shell)], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('keeps quotes and commands in descriptions as text', () => {
    const description = "it's $(touch pwned) `x` \\";
    const option = { name: '--b', description, value: 'none' as const };
    const node = { words: '', description, next: [], options: [option], takesFiles: false };
    expect(completionScript('bash', [node])).not.toContain('pwned');
    expect(completionScript('zsh', [node])).toContain("'--b:it'\\''s $(touch pwned) `x` \\'");
    expect(completionScript('fish', [node])).toContain("-d 'it\\'s $(touch pwned) `x` \\\\'");
  });

  it('refuses another shell, and names those that it knows', async () => {
    const { code, stderr } = await runCli(['completion', 'tcsh']);
    expect(code).toBe(2);
    expect(stderr).toContain('bash, zsh, fish');
  });
});
