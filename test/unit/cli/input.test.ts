import { cac } from 'cac';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '#lib/cli/command.ts';
import { CommandInput } from '#lib/cli/input.ts';

function parse(typed: readonly string[]): CommandInput {
  const cli = cac('test');
  cli.command('run [file]', '').option('--identity <id>', '').option('--trusted-root <file>', '').option('--json', '');
  cli.parse(['', '', 'run', ...typed], { run: false });
  return new CommandInput(cli.args, cli.options, typed);
}

describe('CommandInput', () => {
  it('gives an option as it was typed, also where it looks like a number', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ minLength: 1 }),
          fc.double().map(String),
          fc.constantFrom('1e3', '0x10', ' 7', '007', 'true', 'false'),
        ),
        (value) => {
          expect(parse([`--identity=${value}`]).text('identity')).toBe(value);
          if (!value.startsWith('-')) expect(parse(['--identity', value]).text('identity')).toBe(value);
        },
      ),
    );
  });

  it('gives nothing for an option that is not there', () => {
    expect(parse([]).text('identity')).toBeUndefined();
    expect(parse([]).flag('json')).toBe(false);
    expect(parse(['--json']).flag('json')).toBe(true);
  });

  it.each([
    [['--identity=a', '--identity=b'], 'given twice'],
    [['--identity', 'a', '--identity', 'b'], 'given twice'],
    [['--identity='], 'is empty'],
    [['--identity', ''], 'is empty'],
    [['--identity.x', 'a'], 'in full'],
  ])('refuses %j', (typed, message) => {
    expect(() => parse(typed).text('identity')).toThrow(UsageError);
    expect(() => parse(typed).text('identity')).toThrow(message);
  });

  it('refuses a spelling that it would otherwise pass over', () => {
    expect(() => parse(['--trustedRoot', 'x']).text('trusted-root')).toThrow('Write --trusted-root in full');
  });

  it('refuses an argument that was made a number', () => {
    expect(() => parse(['--json', '1e3']).positional(0)).toThrow('./NAME');
    expect(parse(['1e3']).positional(0)).toBe('1e3');
  });

  it('gives every value of an option that may be repeated, in the order typed', () => {
    expect(parse(['--identity', 'b', '--identity=1e3']).texts('identity')).toEqual(['b', '1e3']);
    expect(parse([]).texts('identity')).toEqual([]);
    expect(() => parse(['--identity', 'a', '--identity=']).texts('identity')).toThrow('is empty');
    expect(() => parse(['--trustedRoot', 'x']).texts('trusted-root')).toThrow('Write --trusted-root in full');
  });
});
