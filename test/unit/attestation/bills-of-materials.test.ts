import { describe, expect, it } from 'vitest';
import { readDocument } from '#lib/attestation/document.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';
import { bytesOf, COMMIT, DIGEST, factsOf, faultOf, OTHER_DIGEST } from './support.ts';

const hashes = (content: string) => [{ alg: 'SHA-256', content }];

const CYCLONEDX = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: {
    timestamp: '2026-11-02T08:00:00Z',
    component: {
      type: 'machine-learning-model',
      'bom-ref': 'model',
      name: 'northwind-vision',
      hashes: hashes(DIGEST),
      pedigree: {
        ancestors: [{ type: 'machine-learning-model', group: 'lab', name: 'base', hashes: hashes(OTHER_DIGEST) }],
        commits: [{ uid: COMMIT, url: 'https://code.example/lab/model' }],
      },
      modelCard: {
        modelParameters: {
          task: 'image-text-to-text',
          datasets: [
            { ref: 'corpus' },
            { type: 'dataset', name: 'inline', contents: { url: 'https://data.example/i' } },
          ],
        },
        quantitativeAnalysis: { performanceMetrics: [{ type: 'f1', value: '0.8', slice: 'night' }] },
      },
    },
  },
  components: [
    { type: 'data', 'bom-ref': 'corpus', name: 'quay-images', hashes: hashes(OTHER_DIGEST) },
    { type: 'framework', 'bom-ref': 'torch', name: 'torch', version: '2.11.0' },
    { type: 'machine-learning-model', 'bom-ref': 'encoder', name: 'encoder' },
  ],
  dependencies: [{ ref: 'model', dependsOn: ['torch', 'encoder', 'corpus'] }],
};

describe('a CycloneDX bill of materials', () => {
  it('links the model to ancestors, data sets and models it depends on', () => {
    const facts = factsOf('https://cyclonedx.org/bom', CYCLONEDX);
    expect(facts).toMatchObject({ kind: 'cyclonedx', format: '1.6', commit: { value: COMMIT }, remarks: [] });
    expect(facts.outputs).toMatchObject([{ name: 'northwind-vision', digests: [{ digest: DIGEST }] }]);
    expect(facts.inputs.map(({ role, name, uri, digests }) => [role, name ?? uri, digests[0]?.digest ?? null])).toEqual(
      [
        ['base-model', 'lab/base', OTHER_DIGEST],
        ['code', 'https://code.example/lab/model', COMMIT],
        ['dataset', 'quay-images', OTHER_DIGEST],
        ['dataset', 'inline', null],
        ['component', 'encoder', null],
      ],
    );
    expect(facts.environment).toMatchObject([{ label: 'torch', value: '2.11.0' }]);
    expect(facts.evaluations).toMatchObject([{ name: 'f1', value: '0.8', on: 'night' }]);
    expect(facts.claimedTime).toBeNull();
  });

  it('links nothing where it does not say which of several models it is about', () => {
    const model = { type: 'machine-learning-model', name: 'm', pedigree: { ancestors: [{ name: 'base' }] } };
    const facts = factsOf('https://cyclonedx.org/bom/v1.5', {
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      components: [model, model],
    });
    expect(facts.inputs).toEqual([]);
    expect(facts.remarks).toEqual([expect.stringContaining('names no component')]);
  });

  it('is refused where it says that it is something else', () => {
    expect(faultOf('https://cyclonedx.org/bom', { specVersion: '1.6' })).toBe('predicate.bomFormat');
    expect(faultOf('https://cyclonedx.org/bom', { bomFormat: 'CycloneDX' })).toBe('predicate.specVersion');
  });
});

const SPDX = {
  '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
  '@graph': [
    { type: 'SpdxDocument', spdxId: 'urn:doc', rootElement: ['urn:model'] },
    {
      type: 'ai_AIPackage',
      spdxId: 'urn:model',
      name: 'northwind-vision',
      verifiedUsing: [{ type: 'Hash', algorithm: 'sha256', hashValue: DIGEST }],
      ai_hyperparameter: [{ type: 'DictionaryEntry', key: 'lr', value: '0.1' }],
      ai_metric: [{ type: 'DictionaryEntry', key: 'f1', value: '0.8' }],
    },
    { type: 'ai_AIPackage', spdxId: 'urn:base', name: 'northwind-base', verifiedUsing: ['_:hash'] },
    { type: 'Hash', '@id': '_:hash', algorithm: 'sha256', hashValue: OTHER_DIGEST },
    { type: 'dataset_DatasetPackage', spdxId: 'urn:data', name: 'quay-images' },
    { type: 'dataset_DatasetPackage', spdxId: 'urn:test', name: 'berth-qa' },
    { type: 'software_File', spdxId: 'urn:file', name: 'model.safetensors' },
    { type: 'Relationship', from: 'urn:model', relationshipType: 'trainedOn', to: ['urn:data'] },
    { type: 'Relationship', from: 'urn:model', relationshipType: 'testedOn', to: ['urn:test'] },
    { type: 'Relationship', from: 'urn:base', relationshipType: 'ancestorOf', to: ['urn:model'] },
    { type: 'Relationship', from: 'urn:model', relationshipType: 'contains', to: ['urn:file'] },
    { type: 'Relationship', from: 'urn:build', relationshipType: 'hasOutput', to: ['urn:model'] },
    { type: 'Relationship', from: 'urn:build', relationshipType: 'hasInput', to: ['urn:data', 'urn:elsewhere'] },
    {
      type: 'build_Build',
      spdxId: 'urn:build',
      build_buildType: 'https://code.example/train/v1',
      build_buildId: 'run-7',
      build_configSourceUri: ['git+https://code.example/lab/model@main'],
    },
  ],
};

describe('an SPDX 3 document', () => {
  it('links the model by its relationships, in both directions', () => {
    const facts = factsOf('https://spdx.dev/Document/v3.0.1', SPDX);
    expect(facts).toMatchObject({
      kind: 'spdx',
      format: '3.0.1',
      invocation: { value: 'run-7' },
      repository: { value: 'https://code.example/lab/model' },
      remarks: [],
    });
    expect(facts.inputs.map(({ role, name, uri, digests }) => [role, name ?? uri, digests[0]?.digest ?? null])).toEqual(
      [
        ['dataset', 'quay-images', null],
        ['base-model', 'northwind-base', OTHER_DIGEST],
        ['component', 'urn:elsewhere', null],
      ],
    );
    expect(facts.parameters).toMatchObject([{ label: 'lr', value: '0.1' }]);
    expect(facts.evaluations).toMatchObject([{ name: 'f1', value: '0.8', on: 'berth-qa' }]);
    expect(facts.outputs).toMatchObject([{ name: 'northwind-vision', digests: [{ digest: DIGEST }] }]);
  });

  it('says that it is about nothing it can tell rather than guess', () => {
    const graph = SPDX['@graph'].filter(({ type }) => type !== 'SpdxDocument' && type !== 'dataset_DatasetPackage');
    const facts = factsOf('https://spdx.dev/Document/v3.0.1', { ...SPDX, '@graph': graph });
    expect(facts.inputs).toEqual([]);
    expect(facts.remarks).toHaveLength(1);
  });

  it('is refused where its graph is none', () => {
    expect(faultOf('https://spdx.dev/Document/v3', { '@graph': {} })).toBe('predicate.@graph');
    expect(faultOf('https://spdx.dev/Document/v3', { '@graph': [1] })).toBe('predicate.@graph[0]');
  });
});

const CROISSANT = {
  '@type': 'sc:Dataset',
  conformsTo: 'http://mlcommons.org/croissant/1.1',
  name: 'quay-images',
  distribution: [
    { '@type': 'cr:FileObject', '@id': 'a', contentUrl: 'https://data.example/a.parquet', sha256: DIGEST },
  ],
  'prov:wasDerivedFrom': ['https://data.example/raw', { '@id': 'https://data.example/b', sha256: OTHER_DIGEST }],
};

describe('a Croissant description', () => {
  it('gives its files as outputs and its sources as inputs', () => {
    const facts = factsOf('http://mlcommons.org/croissant/1.1', CROISSANT);
    expect(facts).toMatchObject({ kind: 'croissant', format: '1.1', remarks: [] });
    expect(facts.outputs).toMatchObject([{ name: 'https://data.example/a.parquet', digests: [{ digest: DIGEST }] }]);
    expect(facts.inputs).toMatchObject([
      { role: 'dataset', uri: 'https://data.example/raw', digests: [] },
      { role: 'dataset', uri: 'https://data.example/b', digests: [{ digest: OTHER_DIGEST }] },
    ]);
  });
});

describe('a document that lies about', () => {
  it.each([
    ['cyclonedx', CYCLONEDX, 'metadata.component.pedigree.ancestors[0]'],
    ['spdx', SPDX, '@graph[4]'],
    ['croissant', CROISSANT, 'prov:wasDerivedFrom[0]'],
  ] as const)('is known as %s by its content, its places counted from its root', (kind, document, place) => {
    const facts = readDocument(bytesOf(document));
    expect(facts?.kind).toBe(kind);
    expect(facts?.inputs[0]?.at).toBe(place);
  });

  it('is nothing where it is other JSON, and refused where it is none', () => {
    expect(readDocument(bytesOf({ architectures: ['X'] }))).toBeNull();
    expect(readDocument(bytesOf([1]))).toBeNull();
    expect(() => readDocument(new TextEncoder().encode('{'))).toThrow(StatementError);
  });
});
