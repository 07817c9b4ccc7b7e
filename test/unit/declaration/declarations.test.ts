import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvalResults } from '#lib/declaration/eval-results.ts';
import type { DeclarationKind } from '#lib/declaration/facts.ts';
import { readKitfile } from '#lib/declaration/kitfile.ts';
import { readModelPack } from '#lib/declaration/modelpack.ts';
import { readPeft } from '#lib/declaration/peft.ts';
import { declarationKindOf, readDeclaration } from '#lib/declaration/recognise.ts';
import { inputsOf, jsonBytes, refusalOf, textBytes } from './support.ts';

describe('a file name', () => {
  it.each([
    ['README.md', 'model-card'],
    ['sub/folder/README.md', 'model-card'],
    ['adapter_config.json', 'peft'],
    ['model-Q4_K_M.gguf', 'gguf'],
    ['model-00001-of-00002.safetensors', 'safetensors'],
    ['Kitfile', 'kitfile'],
    ['.eval_results/bench.yaml', 'eval-results'],
    ['a/.eval_results/bench.yml', 'eval-results'],
    ['bom.json', 'cyclonedx'],
    ['model.cdx.json', 'cyclonedx'],
    ['model.spdx.json', 'spdx'],
    ['croissant.json', 'croissant'],
    ['config.json', null],
    ['model.sig', null],
    ['README.md.bak', null],
    ['eval_results/bench.yaml', null],
    ['', null],
  ] as const)('%j is known as %j', (path, kind) => {
    expect(declarationKindOf(path)).toBe(kind);
  });
});

describe('an adapter’s config of PEFT', () => {
  it('declares its base, with its revision', () => {
    const facts = readPeft(jsonBytes({ base_model_name_or_path: 'lab/base', revision: 'abc', r: 4 }));
    expect(inputsOf(facts)).toEqual([['base-model', 'lab/base', 'hf:lab/base@abc']]);
    expect(facts.inputs[0]?.at).toBe('base_model_name_or_path');
  });

  it.each([
    [null],
    [''],
    [7],
    [['lab/base']],
    ['/mnt/models/base'],
    ['C:\\models\\base'],
    ['../base'],
    ['out/run/base'],
  ])('with %j declares no base, and says why', (base) => {
    const facts = readPeft(jsonBytes({ base_model_name_or_path: base }));
    expect(facts.inputs).toEqual([]);
    expect(facts.remarks).toEqual([expect.stringMatching(/^base_model_name_or_path /)]);
  });
});

describe('a ModelPack config', () => {
  it('declares sources and data sets by address', () => {
    const descriptor = {
      name: 'northwind',
      sourceURL: 'https://code.example/a',
      revision: 'abc',
      datasetsURL: ['https://data.example/x'],
    };
    const facts = readModelPack(jsonBytes({ descriptor }));
    expect(facts.name).toBe('northwind');
    expect(inputsOf(facts)).toEqual([
      ['code', null, 'https://code.example/a@abc'],
      ['dataset', null, 'https://data.example/x'],
    ]);
  });
});

describe('a Kitfile', () => {
  it('declares data sets, code, parts and the kit it comes from', () => {
    const facts = readKitfile(
      textBytes(
        [
          'manifestVersion: 1.0.0',
          'model: { name: northwind, path: registry.example/lab/base:1.0, parts: [{ path: ./lora }] }',
          'datasets: [{ name: corpus, path: ./data }]',
          'code: [{ path: ./train }]',
        ].join('\n'),
      ),
    );
    expect(facts.name).toBe('northwind');
    expect(facts.inputs.map(({ role, name }) => [role, name])).toEqual([
      ['base-model', 'registry.example/lab/base:1.0'],
      ['component', './lora'],
      ['dataset', 'corpus'],
      ['code', './train'],
    ]);
  });

  it('is refused with a second document, which other readers would take instead', () => {
    expect(refusalOf('kitfile', textBytes('model: { path: ./a }\n---\nmodel: { path: ./b }\n'))).toBe('not-yaml');
  });

  it('declares no base where its model is a file', () => {
    expect(readKitfile(textBytes('model: { path: ./model.gguf }')).inputs).toEqual([]);
  });
});

describe('results in .eval_results', () => {
  it('give task, value and data set', () => {
    const facts = readEvalResults(
      textBytes('- dataset: { id: lab/bench, task_id: qa, revision: abc }\n  value: 20.9\n- dataset: { id: lab/b }\n'),
    );
    expect(facts.evaluations).toEqual([{ name: 'qa', value: '20.9', on: 'lab/bench at abc', at: '[0]' }]);
    expect(facts.remarks).toEqual(['[1] has no value.']);
  });
});

describe('an unsigned bill of materials', () => {
  it('declares what it would state signed', () => {
    const component = { type: 'machine-learning-model', name: 'm', pedigree: { ancestors: [{ name: 'base' }] } };
    const facts = readDeclaration(
      'cyclonedx',
      jsonBytes({ bomFormat: 'CycloneDX', specVersion: '1.6', metadata: { component } }),
    );
    expect(facts).toMatchObject({ kind: 'cyclonedx', inputs: [{ role: 'base-model', name: 'base' }] });
  });

  it('is refused where it is none', () => {
    expect(refusalOf('cyclonedx', jsonBytes({ name: 'x' }))).toBe('bad-declaration');
    expect(refusalOf('spdx', textBytes('{'))).toBe('bad-declaration');
  });
});

describe('a hostile file', () => {
  const JSON_KINDS: readonly DeclarationKind[] = ['peft', 'modelpack', 'cyclonedx', 'spdx', 'croissant'];
  const YAML_KINDS: readonly DeclarationKind[] = ['kitfile', 'eval-results', 'model-card'];
  const KEYS = [
    'descriptor',
    'datasetsURL',
    'base_model_name_or_path',
    'model',
    'parts',
    'datasets',
    'dataset',
    'value',
    'path',
  ];
  const value = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...KEYS), fc.jsonValue()));

  it('of any JSON gives facts or a DeclarationError', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...JSON_KINDS, ...YAML_KINDS),
        value,
        (kind, json) => void refusalOf(kind, jsonBytes(json)),
      ),
      {
        numRuns: 1000,
      },
    );
  });

  it('of any text or bytes gives facts or a DeclarationError', () => {
    const kinds = fc.constantFrom(...JSON_KINDS, ...YAML_KINDS);
    fc.assert(fc.property(kinds, fc.uint8Array({ maxLength: 200 }), (kind, bytes) => void refusalOf(kind, bytes)));
    const lines = fc.array(
      fc.oneof(
        fc.constantFrom('a: &x', '- *x', '? ', ': ', '<<: *x', '!!binary x', '...', '---', 'b: !t [1'),
        fc.string(),
      ),
    );
    fc.assert(
      fc.property(kinds, lines, (kind, text) => void refusalOf(kind, textBytes(`---\n${text.join('\n')}\n---\n`))),
      { numRuns: 1000 },
    );
  });
});
