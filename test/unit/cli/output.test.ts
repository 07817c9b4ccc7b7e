import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { print, printChecks, printError, printJson } from '#lib/cli/output.ts';

const HOSTILE = '\u001b]0;x\u0007\u009b31m\u202e\u200b\u2028\u{e0041}';

function capture(run: () => void): string {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line));
  run();
  return lines.join('\n');
}

afterEach(() => vi.restoreAllMocks());

/** What a terminal acts on, or what cannot be seen. */
const ACTIVE = /(?!\n)[\p{C}\u2028\u2029]/u;

describe('what is printed', () => {
  it('never drives the terminal, whatever a file says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const hostile = `${text}${HOSTILE}`;
        const printed = capture(() => {
          print(hostile);
          printError(hostile);
          printJson({ [hostile]: [hostile] });
          printChecks([{ name: 'signature', outcome: 'failed', statement: hostile, evidence: { [hostile]: hostile } }]);
        });
        expect(printed).not.toMatch(ACTIVE);
      }),
    );
  });

  it('keeps a line a line', () => {
    expect(capture(() => print('one\ntwo'))).toBe('one\\u{a}two');
  });

  it('is still the same JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: 'binary' }), (value, text) => {
        const both = { value, text, hostile: HOSTILE };
        expect(JSON.parse(capture(() => printJson(both)))).toEqual(JSON.parse(JSON.stringify(both)));
      }),
    );
  });
});
