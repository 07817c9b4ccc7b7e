import { describe, expect, it } from 'vitest';
import { readModelCard } from '#lib/declaration/model-card.ts';
import { vision } from '../../story/models.ts';
import { inputsOf, refusalOf, textBytes } from './support.ts';

const card = (...lines: readonly string[]) => textBytes(`---\n${lines.join('\n')}\n---\n\n# A model\n`);
const read = (...lines: readonly string[]) => readModelCard(card(...lines));

describe('a model card', () => {
  it('declares bases and data sets by name, with no digest', () => {
    const facts = read('base_model: foundation-lab/base', 'datasets:', '  - lab/corpus', '  - https://data.example/x');
    expect(inputsOf(facts)).toEqual([
      ['base-model', 'foundation-lab/base', 'hf:foundation-lab/base'],
      ['dataset', 'lab/corpus', 'hf:datasets/lab/corpus'],
      ['dataset', 'https://data.example/x', 'https://data.example/x'],
    ]);
    expect(facts.inputs.every(({ digests }) => digests.length === 0)).toBe(true);
    expect(facts.inputs.map(({ at }) => at)).toEqual(['base_model', 'datasets[0]', 'datasets[1]']);
  });

  it.each([
    ['adapter', 'base-model'],
    ['finetune', 'base-model'],
    ['quantized', 'quantised-from'],
    ['merge', 'merged-from'],
  ])('takes the relation %s as %s', (relation, role) => {
    const facts = read('base_model: [lab/a, lab/b]', `base_model_relation: ${relation}`);
    expect(facts.inputs.map((input) => input.role)).toEqual([role, role]);
  });

  it('reads bases from tags too, each once', () => {
    const facts = read(
      'base_model: lab/a',
      'tags:',
      '  - base_model:adapter:lab/a',
      '  - base_model:quantized:lab/b',
      '  - text',
    );
    expect(inputsOf(facts)).toEqual([
      ['base-model', 'lab/a', 'hf:lab/a'],
      ['quantised-from', 'lab/b', 'hf:lab/b'],
    ]);
  });

  it('declares results and a later version', () => {
    const facts = read(
      'new_version: lab/model-2',
      'model-index:',
      '  - name: model',
      '    results:',
      '      - task: { type: text-generation }',
      '        dataset: { type: lab/bench, name: Bench, split: test, revision: abc }',
      '        metrics:',
      '          - { type: accuracy, value: 0.81 }',
    );
    expect(facts).toMatchObject({ name: 'model', supersededBy: 'lab/model-2' });
    expect(facts.evaluations).toEqual([
      { name: 'accuracy', value: '0.81', on: 'Bench test at abc', at: 'model-index[0].results[0].metrics[0]' },
    ]);
  });

  it('names nothing by a path of its author’s machine, nor by a value of another type', () => {
    const facts = read('base_model: [/home/author/model, ./out, 7]', 'base_model_relation: distilled');
    expect(facts.inputs).toEqual([]);
    expect(facts.remarks).toEqual([
      'base_model_relation is none of adapter, finetune, quantized, merge.',
      "base_model[0] is a path on its author's machine, so it names nothing here.",
      "base_model[1] is a path on its author's machine, so it names nothing here.",
      'base_model[2] is not a text of at most 4096 characters.',
    ]);
  });

  it('declares nothing without front matter, or with an empty one', () => {
    for (const text of ['# A model\n', '', '---\n---\n', '---\n# nothing\n---\n']) {
      expect(readModelCard(textBytes(text))).toMatchObject({ inputs: [], remarks: [] });
    }
  });

  it('reads cards with the line ends and the mark of Windows', () => {
    expect(inputsOf(readModelCard(textBytes('\ufeff---\r\nbase_model: lab/a\r\n---\r\ntext')))).toHaveLength(1);
  });

  it('reads the cards of the story', () => {
    const version = vision('1.0.0', { model: 'northwind-base', version: '1.0.0' } as Parameters<typeof vision>[1]);
    const readme = version.files.get('README.md');
    expect(readme && inputsOf(readModelCard(readme))).toEqual([
      ['base-model', 'foundation-models-example/northwind-base', 'hf:foundation-models-example/northwind-base'],
      ['dataset', expect.stringMatching(/quay-images$/), expect.stringMatching(/^hf:datasets\/.+quay-images$/)],
    ]);
  });

  it.each([
    ['an open front matter', textBytes('---\nbase_model: a\n'), 'not-yaml'],
    ['a doubled key', card('base_model: a', 'base_model: b'), 'not-yaml'],
    ['a list', card('- a'), 'bad-declaration'],
    ['an alias of nothing', card('base_model: *a'), 'not-yaml'],
    ['an alias inside its own anchor', card('base_model: &a', '  b: *a'), 'not-yaml'],
    ['bytes that are no text', Uint8Array.of(0x2d, 0xff, 0xfe), 'not-text'],
    ['more than 1 MiB', new Uint8Array(1024 * 1024 + 1).fill(0x20), 'too-large'],
  ] as const)('is refused with %s', (_, bytes, code) => {
    expect(refusalOf('model-card', bytes)).toBe(code);
  });

  it('says at which line of the file the YAML breaks', () => {
    expect(() => read('a: 1', 'b: 2', 'a: 3')).toThrow('the key "a" twice, again at line 4');
    expect(() => read('a: 1', 'b: [1')).toThrow('line');
  });

  it('is refused with aliases that multiply', () => {
    const bomb = Array.from(
      { length: 12 },
      (_, i) =>
        `k${i}: &a${i} [${
          i === 0
            ? 'x'
            : Array(9)
                .fill(`*a${i - 1}`)
                .join(',')
        }]`,
    );
    expect(refusalOf('model-card', card(...bomb))).toBe('not-yaml');
  });

  it.each([
    ['brackets', '['.repeat(500_000)],
    ['dashes', '- '.repeat(200_000)],
    ['keys', Array.from({ length: 60_000 }, (_, i) => `k${i}:`).join('\n')],
    ['aliases', Array.from({ length: 20_000 }, (_, i) => `- &a${i} x\n- *a${i}`).join('\n')],
  ])('with endless %s costs bounded time', (_, text) => {
    const started = performance.now();
    refusalOf('model-card', card(text));
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
