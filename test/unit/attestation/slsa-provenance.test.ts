import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAttestation } from '#lib/attestation/read.ts';
import { parseStatement } from '#lib/model-signing/statement.ts';
import { COMMIT, factsOf, faultOf, OTHER_DIGEST, provenance, SLSA_V1 } from './support.ts';

const STORY = new URL('../../fixtures/story/bundles/', import.meta.url);
const read = (definition?: object, run?: object, more?: object) => factsOf(SLSA_V1, provenance(definition, run, more));
const rolesOf = (dependencies: readonly object[], buildType = 'https://example/train/v1') =>
  read({ buildType, resolvedDependencies: dependencies }).inputs.map(({ role }) => role);

describe('SLSA provenance v1', () => {
  it('gives inputs with their roles, names, addresses, digests and places', () => {
    expect(read().inputs).toEqual([
      {
        role: 'code',
        name: null,
        uri: 'git+https://code.example/vision-lab/northwind-vision@refs/tags/v1.2.0',
        digests: [{ algorithm: 'gitCommit', digest: COMMIT }],
        at: 'predicate.buildDefinition.resolvedDependencies[0]',
      },
      {
        role: 'base-model',
        name: 'northwind-base',
        uri: 'https://foundation-models.example/models/northwind-base/1.1.0',
        digests: [{ algorithm: 'sha256', digest: OTHER_DIGEST }],
        at: 'predicate.buildDefinition.resolvedDependencies[1]',
      },
      {
        role: 'dataset',
        name: null,
        uri: 'https://data.example/quay-images/2026-08',
        digests: [],
        at: 'predicate.buildDefinition.resolvedDependencies[2]',
      },
    ]);
  });

  it('gives builder, run, times, repository, commit and entry point', () => {
    const facts = read();
    expect(facts).toMatchObject({
      kind: 'slsa-provenance',
      format: 'v1',
      builder: { value: 'https://code.example/builders/gpu@v3', at: 'predicate.runDetails.builder.id' },
      invocation: { value: 'https://code.example/runs/77/attempts/1' },
      repository: { value: 'https://code.example/vision-lab/northwind-vision' },
      commit: {
        value: COMMIT,
        at: 'predicate.buildDefinition.resolvedDependencies[0].digest.gitCommit',
      },
      entryPoint: { value: '.pipelines/train.yml' },
      startedAt: { time: Date.UTC(2026, 10, 2, 8) },
      finishedAt: { time: Date.UTC(2026, 10, 2, 8, 30) },
      remarks: [],
    });
  });

  it('flattens parameters, environment and byproducts into rows', () => {
    const { parameters, environment } = read();
    expect(Object.fromEntries(parameters.map(({ label, value }) => [label, value]))).toMatchObject({
      'hyperparameters.learning_rate': '0.00002',
      'hyperparameters.layers': '["q","v"]',
      'byproduct metrics.jsonl': `sha256:${OTHER_DIGEST}`,
    });
    expect(environment.map(({ label, value }) => `${label}=${value}`)).toEqual([
      'gpu=8x NVIDIA H100',
      'frameworks.torch=2.11.0',
    ]);
  });

  it.each([
    [{ name: 'adapter', digest: { sha256: OTHER_DIGEST } }, 'adapter'],
    [{ name: 'Training_Dataset-2', digest: { sha256: OTHER_DIGEST } }, 'dataset'],
    [{ name: 'x', annotations: { role: 'quantized-from' }, digest: { sha256: OTHER_DIGEST } }, 'quantised-from'],
    [{ uri: 'git+https://code.example/a/b@refs/heads/main' }, 'code'],
    [{ uri: 'https://code.example/a/b.git' }, 'code'],
    [{ uri: 'hf://datasets/org/name' }, 'dataset'],
    [{ uri: 'hf://org/name' }, 'base-model'],
    [{ uri: 'pkg:huggingface/org/name@abc' }, 'base-model'],
    [{ uri: 'oci://registry.example/train@sha256:00' }, 'environment'],
    [{ uri: 'pkg:pypi/torch@2.11.0' }, 'environment'],
    [{ uri: 'https://code.example/a/b', digest: { sha1: COMMIT } }, 'code'],
    [{ uri: 'https://files.example/x', digest: { sha256: OTHER_DIGEST } }, 'environment'],
  ] as const)('places %j as %s', (dependency, role) => {
    expect(rolesOf([dependency])).toEqual([role]);
  });

  it('takes unnamed inputs of a composition as its components', () => {
    const unnamed = [{ uri: 'https://models.example/a', digest: { sha256: OTHER_DIGEST } }, { uri: 'hf://org/name' }];
    expect(rolesOf(unnamed, 'https://deploy.example/buildtypes/composition/v1')).toEqual(['component', 'component']);
  });

  it('states no base where a parameter says none, and names one where it says which', () => {
    const none = read({ externalParameters: { base_model: 'none' }, resolvedDependencies: [] });
    expect(none.statesNoBase).toEqual({
      value: 'none',
      at: 'predicate.buildDefinition.externalParameters.base_model',
    });
    expect(none.inputs).toEqual([]);
    const named = read({ externalParameters: { base_model: 'org/base' }, resolvedDependencies: [] });
    expect(named.statesNoBase).toBeNull();
    expect(named.inputs).toMatchObject([{ role: 'base-model', name: 'org/base', digests: [] }]);
  });

  it('takes the commit of the repository that the parameters name, not that of another code input', () => {
    const other = { uri: 'git+https://code.example/other/tool@main', digest: { gitCommit: 'ff'.repeat(20) } };
    const own = {
      uri: 'git+https://code.example/vision-lab/northwind-vision@main',
      digest: { gitCommit: COMMIT.toUpperCase() },
    };
    expect(read({ resolvedDependencies: [other, own] }).commit?.value).toBe(COMMIT);
  });

  it('keeps what a payload says of signer and time as claims only', () => {
    const facts = read({}, {}, { signer_identity: 'somebody@models.example', timestamp: '2020-01-01T00:00:00Z' });
    expect(facts.claimedSigner).toEqual({ value: 'somebody@models.example', at: 'predicate.signer_identity' });
    expect(facts.claimedTime).toEqual({ value: '2020-01-01T00:00:00Z', at: 'predicate.timestamp' });
    expect(facts.environment.map(({ label }) => label)).not.toContain('signer_identity');
  });

  it('keeps isolation statements of extensions in the environment', () => {
    const metadata = { modelsexample_networkEgress: 'none', modelsexample_gpuExclusive: true };
    const rows = read({}, { metadata }).environment.map(({ label, value }) => `${label}=${value}`);
    expect(rows).toEqual(
      expect.arrayContaining(['modelsexample_networkEgress=none', 'modelsexample_gpuExclusive=true']),
    );
  });

  it.each([
    ['predicate', null],
    ['predicate.buildDefinition', { runDetails: {} }],
    ['predicate.buildDefinition.buildType', provenance({ buildType: '' })],
    ['predicate.buildDefinition.externalParameters', provenance({ externalParameters: [] })],
    ['predicate.buildDefinition.resolvedDependencies', provenance({ resolvedDependencies: {} })],
    ['predicate.buildDefinition.resolvedDependencies[1]', provenance({ resolvedDependencies: [{}, 'x'] })],
    ['predicate.runDetails.builder', provenance({}, { builder: 'me' })],
    ['predicate.runDetails.builder.id', provenance({}, { builder: {} })],
  ])('refuses a predicate whose %s is wrong, and says so', (field, predicate) => {
    expect(faultOf(SLSA_V1, predicate)).toBe(field);
  });

  it('passes over single odd fields with a remark, and loses no input', () => {
    const facts = read(
      { resolvedDependencies: [{ name: 'base-model', digest: { sha256: 'short' } }, {}] },
      { metadata: { startedOn: 'yesterday', invocationId: 7 } },
    );
    expect(facts.inputs).toMatchObject([
      { role: 'base-model', name: 'base-model', digests: [] },
      { role: 'environment', name: null, digests: [] },
    ]);
    expect(facts.remarks).toEqual([
      'predicate.buildDefinition.resolvedDependencies[0].digest.sha256 is not a digest of its algorithm.',
      'predicate.buildDefinition.resolvedDependencies[1] names an input by neither name, address nor digest.',
      'predicate.runDetails.metadata.invocationId is not a text of at most 4096 characters.',
      'predicate.runDetails.metadata.startedOn is not a date and time of RFC 3339.',
    ]);
  });

  it('refuses more inputs than it reads, for one passed over would make the chain look whole', () => {
    const many = Array.from({ length: 10_001 }, (_, i) => ({ name: `part ${i}` }));
    expect(faultOf(SLSA_V1, provenance({ resolvedDependencies: many }))).toBe(
      'predicate.buildDefinition.resolvedDependencies[10000]',
    );
  });

  it('shows a bounded number of parameters and says that there were more', () => {
    const externalParameters = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`p${i}`, 'x'.repeat(2000)]));
    const { parameters, remarks } = read({ externalParameters }, { byproducts: [] });
    expect(parameters).toHaveLength(1000);
    expect(parameters.every(({ value }) => value.length <= 512)).toBe(true);
    expect(remarks.join()).toContain('1000 parameters are read, and no more');
  });

  it('reads every provenance of the story without a remark', () => {
    const files = readdirSync(STORY, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('provenance.sigstore.json'),
    );
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) {
      const { dsseEnvelope } = JSON.parse(readFileSync(new URL(file, STORY), 'utf8'));
      const payload = Buffer.from(dsseEnvelope.payload, 'base64');
      const statement = JSON.parse(payload.toString());
      const facts = readAttestation(parseStatement(payload));
      const { resolvedDependencies } = statement.predicate.buildDefinition;
      expect(facts, file).toMatchObject({ kind: 'slsa-provenance', remarks: [] });
      expect(facts.inputs, file).toHaveLength(resolvedDependencies.length);
      expect(
        facts.inputs.every(({ role, digests }) => role !== 'environment' && digests.length === 1),
        file,
      ).toBe(true);
      const commit = resolvedDependencies.find(({ name }: { name: string }) => name === 'source')?.digest.gitCommit;
      expect(facts.commit?.value, file).toBe(commit);
      const hasBase = facts.inputs.some(({ role }) => role === 'base-model' || role === 'component');
      expect(hasBase !== (facts.statesNoBase !== null), file).toBe(true);
    }
  });
});

describe('SLSA provenance before v1', () => {
  const v02 = {
    builder: { id: 'https://code.example/builders/gpu@v2' },
    buildType: 'https://code.example/train/v1',
    invocation: {
      configSource: {
        uri: 'git+https://code.example/lab/model@refs/heads/main',
        digest: { sha1: COMMIT },
        entryPoint: 'train.py',
      },
      parameters: { hyperparameters: { lr: 0.1 }, base_model: 'none' },
      environment: { gpu: 'A100' },
    },
    metadata: { buildInvocationId: 'run-7', buildStartedOn: '2026-11-02T08:00:00Z', reproducible: false },
    materials: [{ uri: 'pkg:docker/train@sha256:00', digest: { sha256: OTHER_DIGEST } }],
  };

  it('reads v0.2', () => {
    expect(factsOf('https://slsa.dev/provenance/v0.2', v02)).toMatchObject({
      format: 'v0.2',
      repository: { value: 'https://code.example/lab/model' },
      commit: { value: COMMIT },
      entryPoint: { value: 'train.py' },
      invocation: { value: 'run-7' },
      statesNoBase: { value: 'none' },
      inputs: [{ role: 'environment', digests: [{ algorithm: 'sha256', digest: OTHER_DIGEST }] }],
      remarks: [],
    });
  });

  it('reads v0.1, whose recipe points to a material', () => {
    const { builder, materials } = v02;
    const code = { uri: 'git+https://code.example/lab/model', digest: { sha1: COMMIT } };
    const recipe = { type: 'https://code.example/train/v1', definedInMaterial: 1, entryPoint: 'make' };
    expect(
      factsOf('https://in-toto.io/Provenance/v0.1', { builder, recipe, materials: [...materials, code] }),
    ).toMatchObject({
      format: 'v0.1',
      repository: { value: 'https://code.example/lab/model' },
      commit: { value: COMMIT },
      buildType: { value: 'https://code.example/train/v1' },
    });
  });

  it('refuses it without a builder', () => {
    expect(faultOf('https://slsa.dev/provenance/v0.2', { ...v02, builder: {} })).toBe('predicate.builder.id');
  });
});
