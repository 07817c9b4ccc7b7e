import { array, assert, constantFrom, dictionary, oneof, option, property, record, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeConfig } from '#lib/config/compose.ts';
import { describeItem } from '#lib/config/describe-item.ts';
import { fillItemForm } from '#lib/config/fill-item-form.ts';
import { parseConfig } from '#lib/config/load.ts';
import { readItemForm } from '#lib/config/read-item-form.ts';
import type { SettingSection, WrittenItem } from '#lib/config/setting-section.ts';
import { SETTING_SECTION_KEYS, SETTING_SECTIONS } from '#lib/config/setting-sections.ts';

const YAML = `organisation: { name: Models Example, contact: security@models.example }
trust: { tuf: {}, keys: [{ name: release key, file: k.pub }] }
`;
const PEM = `-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PUBLIC KEY-----`;

const text = string({ minLength: 1, maxLength: 20 })
  .map((raw) => raw.replaceAll(/\s/g, '_'))
  .filter((raw) => raw !== '');
const matcher = oneof(text, record({ glob: text }), record({ pattern: text }));
const listed = oneof(text, array(text, { minLength: 2, maxLength: 4 }));
const signers = array(
  record({ identity: matcher, issuer: matcher, key: text }, { requiredKeys: [] }).filter(
    (row) => Object.keys(row).length > 0,
  ),
  { minLength: 1, maxLength: 4 },
);

const kindOf = (section: SettingSection, item: WrittenItem) => {
  const kind = section.kindOf(item);
  if (kind === null) throw new Error('the item has no form');
  return kind;
};
const again = (section: SettingSection, item: WrittenItem) => {
  const kind = kindOf(section, item);
  // Through the wire, as a browser sends it.
  return readItemForm(kind, new URLSearchParams(fillItemForm(kind, item).toString()));
};

describe('the form of an item', () => {
  it('gives back every watch rule that it was filled with', () => {
    const rule = record(
      {
        name: text,
        own: constantFrom(true, false),
        identity: matcher,
        'san-type': constantFrom('email', 'uri'),
        issuer: matcher,
        extensions: dictionary(text, matcher, { minKeys: 1, maxKeys: 4 }),
        key: listed,
        digest: listed,
      },
      { requiredKeys: ['name'] },
    );
    assert(
      property(rule, (item) => {
        expect(again(SETTING_SECTIONS.watch, item)).toEqual(item);
      }),
    );
  });

  it('gives back every expectation and source that it was filled with', () => {
    const expectation = record(
      { name: text, models: matcher, signers, attesters: signers, 'require-provenance': constantFrom(true) },
      { requiredKeys: ['name', 'models', 'signers'] },
    );
    assert(
      property(expectation, (item) => {
        expect(again(SETTING_SECTIONS.models, item)).toEqual(item);
      }),
    );
    const source = record({ name: text, github: text, every: option(text, { nil: undefined }) });
    assert(
      property(source, (item) => {
        const given = JSON.parse(JSON.stringify(item)) as WrittenItem;
        expect(again(SETTING_SECTIONS.sources, given)).toEqual(given);
      }),
    );
  });

  it('takes keys in PEM and fingerprints from one field', () => {
    const kind = kindOf(SETTING_SECTIONS.watch, {});
    const form = new URLSearchParams({ name: 'k', key: `${'a'.repeat(64)}\r\n${PEM.replaceAll('\n', '\r\n')}\r\n` });
    const item = readItemForm(kind, form);
    expect(item).toEqual({ name: 'k', key: [PEM, 'a'.repeat(64)] });
    const file = parseConfig(Buffer.from(YAML), '/m.yaml');
    const stored = { section: 'watch', name: 'k', value: JSON.stringify(item), enabled: true, revision: 1 };
    expect(composeConfig(file, [stored]).setAside).toEqual([]);
  });

  it('does not drop the second of two extensions with one name', () => {
    const kind = kindOf(SETTING_SECTIONS.watch, {});
    const form = new URLSearchParams({
      name: 'x',
      'extensions.0.name': 'build-trigger',
      'extensions.0': 'push',
      'extensions.1.name': 'build-trigger',
      'extensions.1': 'schedule',
    });
    expect(readItemForm(kind, form).extensions).toEqual({
      'build-trigger': 'push',
      'build-trigger (twice)': 'schedule',
    });
  });

  it('makes what the file takes too: whatever composes was written so that the loader accepts it', () => {
    const rule = record(
      {
        name: constantFrom('a', 'b c', ' d', ''),
        identity: constantFrom('x@models.example', { glob: '*@x' }, { pattern: 'a+' }, { pattern: '(' }),
        own: constantFrom(true, false),
        digest: constantFrom('a'.repeat(64), 'zz'),
        'san-type': constantFrom('email', 'nothing'),
      },
      { requiredKeys: [] },
    );
    const file = parseConfig(Buffer.from(YAML), '/m.yaml');
    assert(
      property(rule, (item) => {
        const name = 'name' in item ? String(item.name) : '';
        const stored = { section: 'watch', name, value: JSON.stringify(item), enabled: true, revision: 1 };
        const composed = composeConfig(file, [stored]);
        const load = () =>
          parseConfig(Buffer.from(`${YAML}watch: ${JSON.stringify([item])}\n`), '/m.yaml').config.watch;
        if (composed.taken.length === 1) expect(load()).toEqual(composed.config.watch);
      }),
    );
  });

  it('has a note for every field, and a section words for its pages', () => {
    for (const key of SETTING_SECTION_KEYS) {
      const section = SETTING_SECTIONS[key];
      for (const { fields } of section.kinds) {
        expect(fields.every(({ note, label }) => note !== '' && label !== '')).toBe(true);
      }
      expect(describeItem(section, { name: 'n', odd: { x: 1 } })).toEqual([{ label: 'Odd', values: ['{"x":1}'] }]);
    }
  });
});
