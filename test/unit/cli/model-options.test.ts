import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { cac } from 'cac';
import { describe, expect, it } from 'vitest';
import { UsageError } from '#lib/cli/command.ts';
import { CommandInput } from '#lib/cli/input.ts';
import { MODEL_OPTIONS, readMatchOptions, readModelOptions } from '#lib/cli/model-options.ts';

function typed(...args: string[]): CommandInput {
  const cli = cac('test');
  const command = cli.command('hash <model>');
  for (const { flags, description } of MODEL_OPTIONS) command.option(flags, description);
  cli.parse(['', '', 'hash', 'model', ...args], { run: false });
  return new CommandInput(cli.args, cli.options, args);
}

describe('the options of commands that read a model', () => {
  it('are those of model_signing where nothing is said, with as many threads as the machine has', () => {
    expect(readModelOptions(typed(), 'model')).toMatchObject({
      hashType: 'sha256',
      shardSize: null,
      allowSymlinks: false,
      workers: Math.min(8, availableParallelism()),
      cache: null,
      ignorePaths: ['.git', '.gitattributes', '.github', '.gitignore'],
    });
  });

  it('leave out what lies in the model, by its place there, and nothing else', () => {
    const input = typed('--ignore', 'model/logs', '--ignore', resolve('model/a/b'), '--ignore', 'elsewhere');
    const { rules, ignorePaths } = readModelOptions(input, 'model', ['model/model.sig']);
    expect(ignorePaths.slice(0, 3)).toEqual(['logs', 'a/b', 'model.sig']);
    expect(rules.find('logs/1.txt')).toEqual({ by: 'operator', path: 'logs' });
    expect(rules.find('.git/config')?.by).toBe('default');
    expect(rules.find('elsewhere')).toBeNull();
    expect(readMatchOptions(input, 'model').operator).toEqual(['logs', 'a/b']);
  });

  it('hash the files of Git where that is asked for, and say so in the manifest', () => {
    const { rules, ignorePaths } = readModelOptions(typed('--no-ignore-git-paths'), 'model');
    expect(rules.find('.git/config')).toBeNull();
    expect(ignorePaths).toEqual([]);
  });

  it.each([
    [['--hash-type', 'md5'], 'There is no hash type md5'],
    [['--shard-size', '-1'], '--shard-size -1 is no whole number'],
    [['--shard-size', '1.5'], '--shard-size 1.5 is no whole number'],
    [['--workers', '0'], '--workers 0 is no whole number from 1 to 64'],
    [['--workers', '65'], '--workers 65 is no whole number from 1 to 64'],
    [['--cache', 'model/cache'], 'The cache model/cache lies in the model'],
    [['--cache', 'model'], 'The cache model lies in the model'],
  ])('refuse %j', (args, message) => {
    expect(() => readModelOptions(typed(...args), 'model')).toThrow(UsageError);
    expect(() => readModelOptions(typed(...args), 'model')).toThrow(message);
  });

  it('allow a cache beside the model, even under a name that begins with dots', () => {
    expect(readModelOptions(typed('--cache', '..cache'), 'model').cache).not.toBeNull();
    expect(readModelOptions(typed('--cache', '../cache'), 'model').cache).not.toBeNull();
    expect(() => readModelOptions(typed('--cache', 'model/..cache'), 'model')).toThrow('lies in the model');
  });
});
