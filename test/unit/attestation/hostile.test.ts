import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDocument } from '#lib/attestation/document.ts';
import { INPUT_ROLES } from '#lib/attestation/facts.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';
import { bytesOf, factsOf, provenance } from './support.ts';

const TYPES = [
  'https://slsa.dev/provenance/v1',
  'https://slsa.dev/provenance/v0.2',
  'https://slsa.dev/provenance/v0.1',
  'https://slsa.dev/verification_summary/v1',
  'https://in-toto.io/attestation/test-result/v0.1',
  'https://in-toto.io/attestation/scai/attribute-report/v0.2',
  'https://in-toto.io/attestation/eval-result/v0.1',
  'https://cyclonedx.org/bom',
  'https://spdx.dev/Document/v3',
  'http://mlcommons.org/croissant/1.0',
  'https://models.example/model-provenance/v0.1',
  'https://models.example/unknown',
];

/** Whatever stands where: keys that readers look for, with values of any shape. */
const KEYS = [
  ...[
    'buildDefinition',
    'runDetails',
    'buildType',
    'externalParameters',
    'internalParameters',
    'environment',
    'source',
  ],
  ...['resolvedDependencies', 'materials', 'builder', 'id', 'metadata', 'byproducts', 'invocation', 'configSource'],
  ...[
    'name',
    'uri',
    'digest',
    'annotations',
    'role',
    'sha256',
    'gitCommit',
    'result',
    'verifier',
    'verificationResult',
  ],
  ...['attributes', 'attribute', 'metric', 'bomFormat', 'specVersion', 'components', 'component', 'type', 'pedigree'],
  ...['ancestors', 'hashes', 'alg', 'modelCard', 'modelParameters', 'datasets', 'ref', 'bom-ref', 'dependencies'],
  ...['@graph', '@context', 'spdxId', 'from', 'to', 'relationshipType', 'rootElement', 'verifiedUsing', 'distribution'],
  ...[
    'conformsTo',
    'prov:wasDerivedFrom',
    'model_hash',
    'base_model_hash',
    'training_data_hash',
    'timestamp',
    'signer',
  ],
  ...['training_code_commit', 'evaluation_results', '__proto__', 'constructor', 'toString', ''],
];
const TEXTS = [
  'CycloneDX',
  '1.6',
  'PASSED',
  'machine-learning-model',
  'ai_AIPackage',
  'Relationship',
  'trainedOn',
  'a',
  'none',
];
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constantFrom(...TEXTS), fc.string(), fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('tree'), { maxKeys: 8 }),
  ),
}));

describe('a hostile predicate', () => {
  it('of any shape gives facts or a StatementError', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TYPES), fc.oneof(tree, fc.jsonValue()), (type, predicate) => {
        try {
          const facts = factsOf(type, predicate);
          expect(facts.inputs.every(({ role, at }) => INPUT_ROLES.includes(role) && at !== '')).toBe(true);
          expect(bytesOf(facts).length).toBeLessThan(10_000_000);
        } catch (error) {
          if (!(error instanceof StatementError)) throw error;
          expect(error.message.length).toBeLessThan(1000);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('with any one part of good provenance replaced gives facts or a StatementError that names a field', () => {
    const parts = ['buildDefinition', 'runDetails'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...parts), fc.constantFrom(...KEYS), tree, (part, key, value) => {
        const good = provenance();
        const predicate = { ...good, [part]: { ...good[part], [key]: value } };
        try {
          factsOf('https://slsa.dev/provenance/v1', predicate);
        } catch (error) {
          if (!(error instanceof StatementError)) throw error;
          expect(error.at).toMatch(/^predicate\./);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('as a document of its own gives facts, nothing, or a StatementError', () => {
    fc.assert(
      fc.property(tree, (document) => {
        try {
          readDocument(bytesOf(document));
        } catch (error) {
          if (!(error instanceof StatementError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('of a hundred thousand elements is read in linear time', () => {
    const relationships = Array.from({ length: 100_000 }, (_, i) => ({
      type: 'Relationship',
      from: 'urn:model',
      relationshipType: 'trainedOn',
      to: [`urn:${i % 9000}`],
    }));
    const model = { type: 'ai_AIPackage', spdxId: 'urn:model', name: 'm' };
    const started = performance.now();
    const facts = factsOf('https://spdx.dev/Document/v3', { '@graph': [model, ...relationships] });
    expect(facts.inputs).toHaveLength(9000);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('never reaches a prototype by its keys', () => {
    const predicate = JSON.parse('{"__proto__":{"metric":"x"}}') as unknown;
    expect(() => factsOf('https://in-toto.io/attestation/eval-result/v0.1', predicate)).toThrow(
      'predicate.metric is missing',
    );
  });
});
