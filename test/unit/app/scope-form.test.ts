import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkedScope,
  formOfScope,
  GROUPS,
  investigateUrl,
  ROW_KINDS,
  readScopeParams,
  type ScopeForm,
  scopeFormUrl,
  scopeOfForm,
} from '#app/_incidents/scope-form.ts';
import { mintHex } from '#test/factories.ts';

const paramsOf = (url: string) => {
  const params = new URL(url, 'http://localhost').searchParams;
  return Object.fromEntries([...new Set(params.keys())].map((key) => [key, params.getAll(key)]));
};

const VALUES: Readonly<Record<(typeof ROW_KINDS)[number], readonly [string, string]>> = {
  dataset: ['https://data.models.example/reviews', ''],
  'base-model': ['foundation/base', ''],
  commit: ['0a1b2c3', ''],
  repository: ['https://github.com/models/train', ''],
  workflow: ['.github/workflows/train.yml@refs/heads/main', ''],
  builder: ['https://ci.models.example/builder@v1', ''],
  identity: ['release-bot@models.example', 'https://accounts.models.example'],
  key: [mintHex('key'), ''],
  file: [mintHex('file'), ''],
  'log-range': ['log2026-1.rekor.example', '1200-1300'],
};

const form: fc.Arbitrary<ScopeForm> = fc.record({
  rows: fc.array(
    fc.record({ group: fc.constantFrom(...GROUPS), kind: fc.constantFrom(...ROW_KINDS) }).map(({ group, kind }) => {
      const [value, more] = VALUES[kind];
      return { group, kind, value, more };
    }),
    { minLength: 1, maxLength: 8 },
  ),
  within: fc.constantFrom('any', 'all'),
  between: fc.constantFrom('any', 'all'),
  from: fc.constantFrom('', '2026-03-01', '2026-03-01T09:14:03.123Z'),
  to: fc.constantFrom('', '2026-03-31', '2026-03-31 10:00'),
});

describe('the scope editor', () => {
  it('reads from its address what it wrote there', () => {
    fc.assert(
      fc.property(form, (fields) => {
        expect(readScopeParams(paramsOf(scopeFormUrl(fields)))).toEqual(fields);
      }),
    );
  });

  it('shows a scope that it made in fields that say the same scope', () => {
    fc.assert(
      fc.property(form, (fields) => {
        const read = checkedScope(fields);
        if (read.state !== 'scope') throw new Error(`${JSON.stringify(read)}`);
        const again = formOfScope(read.scope);
        if (again === null) throw new Error('its own scope is too deep for it');
        expect(scopeOfForm(again)).toEqual({ state: 'scope', scope: read.scope });
      }),
    );
  });

  it('never fails, whatever stands in the address', () => {
    const value = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string({ unit: 'binary' }), { maxLength: 60 }));
    const names = fc.constantFrom('kind', 'value', 'more', 'group', 'within', 'between', 'from', 'to', '__proto__');
    fc.assert(
      fc.property(fc.dictionary(names, value), (params) => {
        const kinds = { ...params, kind: params.kind ?? ['dataset', 'log-range', 'key'] };
        expect(['empty', 'scope', 'wrong']).toContain(checkedScope(readScopeParams(kinds)).state);
      }),
    );
  });

  it('says which row is wrong, and how to write it', () => {
    const problem = (kind: string, value: string, more = '', from = '') => {
      const read = checkedScope(readScopeParams({ kind, value, more, from }));
      return read.state === 'wrong' ? read.problem : read.state;
    };
    expect(problem('commit', 'main')).toBe('Commit (commit): is not a commit: 7 to 64 lowercase hex digits.');
    expect(problem('log-range', 'log.example', '12')).toContain('the first and the last, as 1200-1300');
    expect(problem('key', 'abc')).toContain('SHA-256');
    expect(problem('dataset', 'reviews', '', 'in March')).toContain('no time in UTC');
    expect(problem('dataset', ' ')).toBe('empty');
  });

  it('means the last entry and the last day with them', () => {
    const fields = readScopeParams({ kind: 'log-range', value: 'log.example', more: '5-5', to: '2026-03-31' });
    expect(scopeOfForm(fields)).toEqual({
      state: 'scope',
      scope: {
        all: [
          { is: { kind: 'log-range', origin: 'log.example', from: 5, to: 6 } },
          { is: { kind: 'window', from: null, to: Date.UTC(2026, 3, 1) } },
        ],
      },
    });
  });

  it('tells a scope that is deeper than its fields', () => {
    const leaf = { is: { kind: 'dataset', alias: 'a' } } as const;
    expect(formOfScope({ any: [{ all: [{ any: [leaf, leaf] }, leaf] }, leaf] })).toBeNull();
    expect(formOfScope({ all: [{ any: [leaf, leaf] }, { all: [leaf, leaf] }] })).toBeNull();
  });

  it('is led to with one criterion filled in', () => {
    const url = investigateUrl('identity', 'a b@models.example', 'https://accounts.models.example');
    expect(scopeOfForm(readScopeParams(paramsOf(url)))).toEqual({
      state: 'scope',
      scope: {
        is: { kind: 'identity', identity: 'a b@models.example', issuer: 'https://accounts.models.example' },
      },
    });
  });
});
