import { describe, expect, it } from 'vitest';
import { COMMANDS } from '#lib/cli/command-table.ts';
import { runCli } from './run-cli.ts';

describe('the command line', { timeout: 60_000 }, () => {
  it('names its commands and exits 2 when none is given', async () => {
    const { code, stdout, stderr } = await runCli([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`${COMMANDS.map(({ usage }) => usage.replace(/ [<[].*$/, '')).join(', ')}.`);
  });

  it('refuses an unknown command, by its name', async () => {
    const { code, stderr } = await runCli(['bundle', 'sign']);
    expect(code).toBe(2);
    expect(stderr).toContain('There is no command bundle sign.');
  });

  it.each([
    ['status', 'all is well'],
    ['config check', 'every problem is printed'],
    ['bundle verify', 'refused: the reason'],
    ['proof verify', 'refused: the reason'],
  ])('says in the help of %s what its exit codes mean', async (name, meaning) => {
    const { code, stdout } = await runCli([...name.split(' '), '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`$ modeltrail ${name}`);
    expect(stdout).toContain('Exit codes:');
    expect(stdout).toContain(meaning);
  });

  it.each([
    [['status', '--databse', 'x.db'], 'Unknown option `--databse`'],
    [['bundle', 'verify'], 'missing required args'],
    [['bundle', 'verify', 'a', 'b'], 'Unused args: `b`'],
    [['bundle', 'verify', 'a', '--identity'], 'value is missing'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await runCli(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  it('prints its version', async () => {
    const { code, stdout } = await runCli(['--version']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^modeltrail\/\d+\.\d+\.\d+ /);
  });
});
