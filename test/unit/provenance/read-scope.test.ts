import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeScope } from '#lib/provenance/describe-scope.ts';
import { MAX_CRITERIA, parseScope, readScope, ScopeError } from '#lib/provenance/read-scope.ts';
import type { Scope } from '#lib/provenance/scope.ts';

const HEX = 'ab'.repeat(32);
const dataset = { is: { kind: 'dataset', alias: 'northwind/images' } } as const;

function problemOf(value: unknown): { at: string; message: string } {
  try {
    readScope(value);
  } catch (error) {
    if (error instanceof ScopeError) return { at: error.at, message: error.message };
    throw error;
  }
  throw new Error('it was taken');
}

describe('reading a scope', () => {
  it('takes every criterion, joined', () => {
    const scope: Scope = {
      any: [
        { all: [dataset, { is: { kind: 'window', from: 0, to: null } }] },
        { is: { kind: 'base-model', alias: `sha256:${HEX}` } },
        { is: { kind: 'commit', commit: 'abcdef0' } },
        { is: { kind: 'repository', repository: 'https://github.com/northwind/train' } },
        { is: { kind: 'workflow', workflow: 'https://github.com/a/b/.github/workflows/c.yml@refs/heads/main' } },
        { is: { kind: 'builder', builder: 'https://models.example/builder@v1' } },
        { is: { kind: 'identity', identity: 'a@models.example' } },
        { is: { kind: 'identity', identity: 'a@models.example', issuer: 'https://accounts.models.example' } },
        { is: { kind: 'key', fingerprint: HEX } },
        { is: { kind: 'file', digest: HEX + HEX } },
        { is: { kind: 'log-range', origin: 'log.example', from: 0, to: 1 } },
      ],
    };
    expect(readScope(scope)).toEqual(scope);
    expect(parseScope(JSON.stringify(scope))).toEqual(scope);
  });

  it.each([
    [null, ''],
    [[], ''],
    ['dataset', ''],
    [{}, ''],
    [{ is: dataset.is, all: [] }, ''],
    [{ not: dataset }, ''],
    [{ all: [] }, 'all'],
    [{ all: dataset }, 'all'],
    [{ all: [dataset, 7] }, 'all.1'],
    [{ is: { kind: 'model', alias: 'x' } }, 'is.kind'],
    [{ is: { kind: 'dataset' } }, 'is.alias'],
    [{ is: { kind: 'dataset', alias: '' } }, 'is.alias'],
    [{ is: { kind: 'dataset', alias: 'x'.repeat(2049) } }, 'is.alias'],
    [{ is: { kind: 'dataset', alias: 'a\u202eb' } }, 'is.alias'],
    [{ is: { kind: 'dataset', alias: 'x', name: 'y' } }, 'is'],
    [{ any: [{ is: { kind: 'file', digest: HEX.toUpperCase() } }] }, 'any.0.is.digest'],
    [{ is: { kind: 'file', digest: 'ab' } }, 'is.digest'],
    [{ is: { kind: 'key', fingerprint: `${HEX}00` } }, 'is.fingerprint'],
    [{ is: { kind: 'commit', commit: 'abcdef' } }, 'is.commit'],
    [{ is: { kind: 'log-range', origin: 'x', from: 5, to: 5 } }, 'is.to'],
    [{ is: { kind: 'log-range', origin: 'x', from: -1, to: 5 } }, 'is.from'],
    [{ is: { kind: 'window', from: null, to: null } }, 'is.from'],
    [{ is: { kind: 'window', from: 2, to: 1 } }, 'is.to'],
    [{ is: { kind: 'window', from: 0.5, to: null } }, 'is.from'],
    [{ is: { kind: 'window', from: 9e15, to: null } }, 'is.from'],
    [{ all: [{ any: [{ all: [{ any: [{ all: [dataset] }] }] }] }] }, 'all.0.any.0.all.0.any.0.all'],
  ])('refuses %j and says where', (value, at) => {
    expect(problemOf(value)).toMatchObject({ at, message: expect.stringMatching(/\.$/) });
  });

  it('takes fifty criteria and four joins, and no more', () => {
    const many = (count: number) => ({ any: Array.from({ length: count }, () => dataset) });
    expect(readScope(many(MAX_CRITERIA))).toEqual(many(MAX_CRITERIA));
    expect(problemOf(many(MAX_CRITERIA + 1)).message).toMatch(/more than 50/);
    expect(problemOf({ all: [many(30), many(30)] }).at).toBe('all.1.any.20.is');
    const deep = { all: [{ any: [{ all: [{ any: [dataset] }] }] }] };
    expect(readScope(deep)).toEqual(deep);
    let endless: unknown = dataset;
    for (let i = 0; i < 100_000; i++) endless = { all: [endless] };
    expect(problemOf(endless).message).toMatch(/deeper than 4/);
  });

  it('refuses what is no JSON, or too much of it', () => {
    expect(() => parseScope('{')).toThrow(ScopeError);
    expect(() => parseScope(' '.repeat(300_000))).toThrow(/longer than/);
  });

  it('gives a scope or one error of its own for anything at all', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.record({ is: fc.jsonValue() }),
      fc.record({ all: fc.array(fc.jsonValue()) }),
    );
    fc.assert(
      fc.property(anything, (value) => {
        try {
          expect(readScope(value)).toEqual(value);
        } catch (error) {
          expect(error).toBeInstanceOf(ScopeError);
        }
      }),
    );
  });
});

describe('a scope in words', () => {
  it('is one phrase, with joins in brackets where they could be misread', () => {
    const window: Scope = { is: { kind: 'window', from: Date.UTC(2026, 2, 1), to: Date.UTC(2026, 2, 31) } };
    expect(describeScope(dataset)).toBe('Everything made from the data set northwind/images');
    const signed: Scope = { is: { kind: 'identity', identity: 'a@models.example', issuer: 'https://a.example' } };
    expect(describeScope({ any: [{ all: [dataset, window] }, signed] })).toBe(
      'Everything (made from the data set northwind/images and signed from 1 Mar 2026 00:00:00 UTC to 31 Mar 2026 00:00:00 UTC) or signed by a@models.example through https://a.example',
    );
    expect(describeScope({ is: { kind: 'log-range', origin: 'log.example', from: 0, to: 1000 } })).toBe(
      'Everything signed in entries 0 to 999 of log.example',
    );
  });

  it('writes out what could hide or reorder it', () => {
    expect(describeScope({ is: { kind: 'builder', builder: 'a\u202eb' } })).toBe('Everything built by a\\u{202e}b');
  });
});
