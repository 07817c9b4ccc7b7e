import { array, assert, boolean, constantFrom, property, record, shuffledSubarray, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeConfig, FileNotUsableError } from '#lib/config/compose.ts';
import { parseConfig } from '#lib/config/load.ts';
import type { StoredItem } from '#lib/config/stored-item.ts';

const YAML = `organisation: { name: Models Example, contact: security@models.example }
trust:
  tuf: {}
  keys: [{ name: release key, file: k.pub }]
watch:
  - name: Release bot
    identity: release-bot@models.example
  - { name: Upstream, own: false, identity: { glob: "*@upstream.example" } }
models:
  - { name: Ours, models: { glob: "north*" }, signers: [{ key: release key }] }
sources:
  - { name: releases, directory: ./bundles }
`;
const file = parseConfig(Buffer.from(YAML), '/etc/modeltrail/modeltrail.yaml');

function stored(section: string, value: object, overrides: Partial<StoredItem> = {}): StoredItem {
  const { name = '' } = value as { readonly name?: string };
  return { section, name, value: JSON.stringify(value), enabled: true, revision: 1, ...overrides };
}
const rule = (name: string, identity: unknown = 'x@models.example') => stored('watch', { name, identity });
const namesOf = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);

describe('the file and what was made in the browser', () => {
  it('are the file alone where nothing was made', () => {
    const composed = composeConfig(file, []);
    expect(composed).toEqual({ config: file.config, taken: [], setAside: [] });
  });

  it('become one list, the items of the file first', () => {
    const { config, taken, setAside } = composeConfig(file, [
      rule('b'),
      rule('a', { glob: '*@a.example' }),
      stored('models', {
        name: 'Adapters',
        models: 'a',
        signers: [{ identity: 'x@models.example', issuer: 'https://i.example' }],
      }),
      stored('sources', { name: 'registry', oci: 'oci://registry.example.com/m', every: '1h' }),
    ]);
    expect(namesOf(config.watch)).toEqual(['Release bot', 'Upstream', 'b', 'a']);
    expect(namesOf(config.models)).toEqual(['Ours', 'Adapters']);
    expect(config.sources).toEqual([
      { name: 'releases', directory: '/etc/modeltrail/bundles' },
      {
        name: 'registry',
        oci: { registry: 'https://registry.example.com', repository: 'm' },
        every: 3_600_000,
        publicOnly: true,
      },
    ]);
    expect([taken.length, setAside]).toEqual([4, []]);
  });

  it('leave out what is switched off', () => {
    expect(composeConfig(file, [{ ...rule('off'), enabled: false }]).config).toEqual(file.config);
  });

  it.each(['Release bot', 'release BOT', 'Ｒelease bot', 'Release  bot'])(
    'set aside %j, which the file has, and keep that of the file',
    (name) => {
      const { config, setAside } = composeConfig(file, [rule(name, 'other@models.example')]);
      expect(config).toEqual(file.config);
      expect(setAside).toMatchObject([{ section: 'watch', name, why: 'in-file' }]);
    },
  );

  it('set aside what is at fault with the field and its mend, and nothing else', () => {
    const { config, setAside } = composeConfig(file, [
      rule('good'),
      rule('bad pattern', { pattern: 'ab[z-a]' }),
      stored('watch', { name: 'empty' }),
      stored('watch', { name: 'unknown key', identity: 'x', regexp: 'y' }),
      stored('models', { name: 'key of nobody', models: 'm', signers: [{ key: 'other key' }] }),
      stored('models', { name: 'good too', models: 'm', signers: [{ key: 'release key' }] }),
    ]);
    expect(namesOf(config.watch)).toEqual(['Release bot', 'Upstream', 'good']);
    expect(namesOf(config.models)).toEqual(['Ours', 'good too']);
    expect(Object.fromEntries(setAside.map(({ name, problems }) => [name, problems[0]]))).toEqual({
      'bad pattern': {
        path: ['identity', 'pattern'],
        message: expect.stringContaining('RE2 refuses the pattern at character 4'),
        mend: expect.stringContaining('Correct the pattern'),
      },
      empty: { path: [], message: 'names nothing to look for', mend: expect.stringContaining('Add identity') },
      'unknown key': { path: ['regexp'], message: 'is not a key that is known here', mend: expect.any(String) },
      'key of nobody': {
        path: ['signers', 0, 'key'],
        message: '"other key" is not under trust.keys',
        mend: expect.any(String),
      },
    });
  });

  it('keep within the limits of the file: the last ones are too many', () => {
    const many = Array.from({ length: 101 }, (_, i) =>
      stored('sources', { name: `s${i}`, github: 'models-example/base' }),
    );
    const { config, setAside } = composeConfig(file, many);
    expect(config.sources).toHaveLength(100);
    expect(namesOf(setAside)).toEqual(['s99', 's100']);
    expect(setAside[0]?.problems[0]?.message).toContain('there may be 100');
  });

  it('survive whatever stands in the table', () => {
    const hostile: StoredItem[] = [
      rule('good'),
      stored('watch', {}, { name: 'a', value: 'not JSON' }),
      stored('watch', {}, { name: 'b', value: 'null' }),
      stored('watch', {}, { name: 'c', value: '[{"name":"c"}]' }),
      stored('watch', {}, { name: 'd', value: `{"name":"d","identity":"${'x'.repeat(70_000)}"}` }),
      stored('watch', { name: 'other', identity: 'x' }, { name: 'e' }),
      stored('watch', { name: '\u202egood', identity: 'x' }),
      stored('watch', { name: ' f', identity: 'x' }),
      stored('watch', {}, { name: 'h', value: '{"name":"h","identity":"x","constructor":{}}' }),
      stored('watch', { name: 'i', identity: { pattern: '(a{1000}){1000}' } }),
      stored('trust', { name: 'k', file: '/etc/shadow' }),
      stored('__proto__', { name: 'l' }),
      stored('database', { name: 'm' }),
    ];
    const { config, setAside } = composeConfig(file, hostile);
    expect(namesOf(config.watch)).toEqual(['Release bot', 'Upstream', 'good']);
    expect({ ...config, watch: file.config.watch }).toEqual(file.config);
    expect(setAside).toHaveLength(hostile.length - 1);
    expect(setAside.every(({ why, problems }) => why === 'invalid' && problems.length > 0)).toBe(true);
  });

  it('are refused where the file itself does not hold', () => {
    expect(() => composeConfig({ path: file.path, written: { watch: 3 } }, [rule('a')])).toThrow(FileNotUsableError);
  });

  it('never shadow each other, in whatever order and number they come', () => {
    const names = constantFrom('Release bot', 'release bot', 'Upstream', 'a', 'b', 'c', 'd');
    const identity = constantFrom('x@models.example', { glob: '*@x.example' }, { pattern: '(' }, 7, {});
    const items = array(record({ name: names, identity, enabled: boolean() }), { maxLength: 8 }).map((list) =>
      // The table has each name once.
      [...new Map(list.map((item) => [item.name, item])).values()].map(({ name, identity, enabled }) => ({
        ...rule(name, identity),
        enabled,
      })),
    );
    const ordered = items.chain((list) => shuffledSubarray(list, { minLength: list.length }));
    assert(
      property(ordered, (list) => {
        const { config, taken, setAside } = composeConfig(file, list);
        expect(config.watch.slice(0, 2)).toEqual(file.config.watch);
        expect(config.watch.slice(2).map(({ name }) => name)).toEqual(taken.map(({ name }) => name));
        expect(new Set(namesOf(config.watch)).size).toBe(config.watch.length);
        expect(taken.length + setAside.length).toBe(list.filter(({ enabled }) => enabled).length);
      }),
    );
  });

  it('hold whatever JSON there is under an item', () => {
    assert(
      property(string({ maxLength: 60 }), string({ maxLength: 10 }), (value, name) => {
        const { config } = composeConfig(file, [{ section: 'watch', name, value, enabled: true, revision: 1 }]);
        expect(config.watch.slice(0, 2)).toEqual(file.config.watch);
      }),
    );
  });
});
