import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readGguf } from '#lib/declaration/gguf.ts';
import { readSafetensors } from '#lib/declaration/safetensors.ts';
import { gguf, inputsOf, refusalOf, safetensors, uint32, uint64 } from './support.ts';

describe('a GGUF header', () => {
  const full = gguf([
    ['general.architecture', 'llama'],
    ['general.name', 'northwind'],
    ['tokenizer.ggml.tokens', ['a', 'b', 'c']],
    ['general.base_model.count', 1],
    ['general.base_model.0.name', 'Northwind Base'],
    ['general.base_model.0.organization', 'Foundation Lab'],
    ['general.base_model.0.repo_url', 'https://huggingface.co/foundation-lab/northwind-base'],
    ['general.dataset.count', 1],
    ['general.dataset.0.name', 'corpus'],
    ['general.source.url', 'https://models.example/northwind'],
  ]);

  it('declares bases, data sets and source', () => {
    const facts = readGguf(full);
    expect(facts).toMatchObject({ kind: 'gguf', name: 'northwind', remarks: [] });
    expect(inputsOf(facts)).toEqual([
      ['base-model', 'Foundation Lab/Northwind Base', 'https://huggingface.co/foundation-lab/northwind-base'],
      ['dataset', 'corpus', null],
      ['quantised-from', null, 'https://models.example/northwind'],
    ]);
    expect(facts.inputs[0]?.at).toBe('general.base_model.0');
  });

  it('declares several bases as merged', () => {
    const facts = readGguf(
      gguf([
        ['general.base_model.count', 2],
        ['general.base_model.0.name', 'a'],
        ['general.base_model.1.name', 'b'],
      ]),
    );
    expect(facts.inputs.map(({ role }) => role)).toEqual(['merged-from', 'merged-from']);
  });

  it('cut short declares what stands before the cut, and says so', () => {
    for (let length = 24; length < full.length; length++) {
      const facts = readGguf(full.subarray(0, length));
      expect(facts.remarks.join()).toContain('The header goes on');
    }
  });

  it.each([
    ['another format', Buffer.from('PK\u0003\u0004'.padEnd(40))],
    ['nothing', Buffer.alloc(0)],
    ['version 1', gguf([], 1)],
    ['big-endian', gguf([], 3 << 24)],
    ['too many pairs', Buffer.concat([Buffer.from('GGUF'), uint32(3), uint64(0), uint64(2n ** 63n)])],
    ['an unknown type', Buffer.concat([gguf([]).subarray(0, 16), uint64(1), uint64(1), Buffer.from('k'), uint32(99)])],
    [
      'a doubled key',
      gguf([
        ['general.name', 'a'],
        ['general.name', 'b'],
      ]),
    ],
  ])('is refused with %s', (_, bytes) => {
    expect(refusalOf('gguf', bytes)).toBe('bad-header');
  });

  it('never believes a count of bases beyond its bound', () => {
    const facts = readGguf(gguf([['general.base_model.count', 0xffffffff]]));
    expect(facts.inputs).toHaveLength(1000);
    expect(facts.remarks[0]).toBe('general.base_model.count is 4294967295; 1000 are read.');
  });

  it('of any bytes gives facts or a DeclarationError', () => {
    const start = gguf([]).subarray(0, 16);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.nat(20), (tail, pairs) => {
        refusalOf('gguf', Buffer.concat([start, uint64(pairs), tail]));
        refusalOf('gguf', tail);
      }),
      { numRuns: 2000 },
    );
  });

  it('with any byte changed gives facts or a DeclarationError', () => {
    fc.assert(
      fc.property(fc.nat(full.length - 1), fc.nat(255), (at, value) => {
        const changed = Buffer.from(full);
        changed[at] = value;
        refusalOf('gguf', changed);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a safetensors header', () => {
  it('declares what its metadata names', () => {
    const facts = readSafetensors(
      safetensors({
        __metadata__: {
          format: 'pt',
          'modelspec.title': 'Harbour style',
          base_model: 'lab/base',
          'modelspec.merged_from': 'lab/a, lab/b',
        },
        weight: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
      }),
    );
    expect(facts).toMatchObject({ name: 'Harbour style', remarks: [] });
    expect(inputsOf(facts)).toEqual([
      ['base-model', 'lab/base', 'hf:lab/base'],
      ['merged-from', 'lab/a', 'hf:lab/a'],
      ['merged-from', 'lab/b', 'hf:lab/b'],
    ]);
    expect(facts.inputs[0]?.at).toBe('__metadata__.base_model');
  });

  it('declares nothing without metadata, and remarks on metadata that is no object', () => {
    expect(readSafetensors(safetensors({}))).toMatchObject({ inputs: [], remarks: [] });
    expect(readSafetensors(safetensors({ __metadata__: [] })).remarks).toEqual(['__metadata__ is not an object.']);
  });

  it.each([
    ['fewer than eight bytes', Buffer.alloc(7), 'bad-header'],
    ['a length beyond the file', Buffer.concat([uint64(100), Buffer.from('{}')]), 'bad-header'],
    ['a length beyond all bounds', uint64(2n ** 64n - 1n), 'too-large'],
    ['a header that is no JSON', Buffer.concat([uint64(2), Buffer.from('{x')]), 'not-json'],
    ['a header that is no object', safetensors([1]), 'bad-declaration'],
    ['a doubled key', Buffer.concat([uint64(13), Buffer.from('{"a":1,"a":2}')]), 'not-json'],
  ] as const)('is refused with %s', (_, bytes, code) => {
    expect(refusalOf('safetensors', bytes)).toBe(code);
  });

  it('of any bytes or any JSON gives facts or a DeclarationError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void refusalOf('safetensors', bytes)));
    fc.assert(
      fc.property(fc.jsonValue(), (value) => void refusalOf('safetensors', safetensors({ __metadata__: value }))),
    );
  });
});
