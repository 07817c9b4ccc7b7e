import { describe, expect, it } from 'vitest';
import { COMMIT, DIGEST, factsOf, faultOf, OTHER_DIGEST } from './support.ts';

const TEST_RESULT = 'https://in-toto.io/attestation/test-result/v0.1';
const SCAI = 'https://in-toto.io/attestation/scai/attribute-report/v0.2';
const VSA = 'https://slsa.dev/verification_summary/v1';

describe('a test result', () => {
  const predicate = {
    result: 'FAILED',
    configuration: [{ name: 'harness', uri: 'https://deploy.example/harness', digest: { sha256: OTHER_DIGEST } }],
    passedTests: ['berth-qa'],
    warnedTests: [],
    failedTests: ['tide-tables'],
  };

  it('gives one evaluation a test, measured with its harness', () => {
    const facts = factsOf(TEST_RESULT, predicate);
    const on = `https://deploy.example/harness sha256:${OTHER_DIGEST}`;
    expect(facts).toMatchObject({ kind: 'test-result', format: 'v0.1', result: { value: 'FAILED' } });
    expect(facts.evaluations).toEqual([
      { name: 'berth-qa', value: 'PASSED', on, at: 'predicate.passedTests[0]' },
      { name: 'tide-tables', value: 'FAILED', on, at: 'predicate.failedTests[0]' },
    ]);
  });

  it('gives the result itself where no test is listed', () => {
    const { evaluations } = factsOf(TEST_RESULT, { result: 'PASSED', configuration: [] });
    expect(evaluations).toMatchObject([{ name: 'all tests', value: 'PASSED', on: null }]);
  });

  it.each([['passed'], [null], [1]])('refuses %j as a result', (result) => {
    expect(faultOf(TEST_RESULT, { ...predicate, result })).toBe('predicate.result');
  });
});

describe('a verification summary', () => {
  const predicate = {
    verifier: { id: 'https://models.example/verifier' },
    timeVerified: '2026-11-02T08:00:00Z',
    resourceUri: 'https://code.example/lab/model',
    policy: { uri: 'https://models.example/policy', digest: { sha256: OTHER_DIGEST } },
    verificationResult: 'PASSED',
    verifiedLevels: ['SLSA_BUILD_LEVEL_3', 'SLSA_SOURCE_LEVEL_4'],
    dependencyLevels: { SLSA_BUILD_LEVEL_2: 4 },
  };

  it('gives result, levels and who verified what', () => {
    const facts = factsOf(VSA, predicate);
    expect(facts).toMatchObject({
      kind: 'verification-summary',
      format: 'v1',
      result: { value: 'PASSED' },
      verifiedLevels: ['SLSA_BUILD_LEVEL_3', 'SLSA_SOURCE_LEVEL_4'],
      finishedAt: { time: Date.UTC(2026, 10, 2, 8) },
      builder: null,
    });
    expect(facts.parameters.map(({ label, value }) => `${label}=${value}`)).toEqual([
      'verifier=https://models.example/verifier',
      'resource=https://code.example/lab/model',
      `policy=https://models.example/policy sha256:${OTHER_DIGEST}`,
      'dependency levels.SLSA_BUILD_LEVEL_2=4',
    ]);
  });

  it('reads the spelling of the versions before', () => {
    const old = {
      verifier: { id: 'v' },
      time_verified: '2026-11-02T08:00:00Z',
      resource_uri: 'r',
      verification_result: 'FAILED',
      policy_level: 'SLSA_LEVEL_3',
    };
    expect(factsOf('https://slsa.dev/verification_summary/v0.2', old)).toMatchObject({
      format: 'v0.2',
      result: { value: 'FAILED' },
      verifiedLevels: ['SLSA_LEVEL_3'],
      remarks: [],
    });
  });

  it('refuses one that does not say whether it passed', () => {
    expect(faultOf(VSA, { ...predicate, verificationResult: 'MAYBE' })).toBe('predicate.verificationResult');
    expect(faultOf(VSA, { ...predicate, verifier: {} })).toBe('predicate.verifier.id');
  });
});

describe('a SCAI attribute report', () => {
  it('gives attributes as environment, and measured ones as evaluations', () => {
    const facts = factsOf(SCAI, {
      attributes: [
        { attribute: 'ISOLATED_GPU', conditions: { vendor: 'x' }, target: { name: 'trainer' } },
        { attribute: 'PASSED_TESTS', evidence: { uri: 'https://models.example/report' } },
      ],
      producer: { uri: 'https://models.example/attester' },
    });
    expect(facts.environment).toMatchObject([{ label: 'ISOLATED_GPU of trainer', value: '{"vendor":"x"}' }]);
    expect(facts.evaluations).toMatchObject([
      { name: 'PASSED_TESTS', value: 'evidence https://models.example/report' },
    ]);
    expect(facts.builder?.value).toBe('https://models.example/attester');
  });

  it('refuses one without attributes', () => {
    expect(faultOf(SCAI, { attributes: [] })).toBe('predicate.attributes');
    expect(faultOf(SCAI, { attributes: [{}] })).toBe('predicate.attributes[0].attribute');
  });
});

describe('an evaluation result', () => {
  it('gives metric, threshold and outcome', () => {
    const facts = factsOf('https://in-toto.io/attestation/eval-result/v0.1', {
      metric: 'accuracy',
      value: 0.91,
      comparator: '>=',
      threshold: 0.9,
      passed: true,
      harness: { uri: 'https://deploy.example/harness', digest: { sha256: OTHER_DIGEST } },
    });
    expect(facts).toMatchObject({ kind: 'evaluation', result: { value: 'PASSED' } });
    expect(facts.evaluations).toMatchObject([
      { name: 'accuracy', value: '0.91, >= 0.9, PASSED', on: `https://deploy.example/harness sha256:${OTHER_DIGEST}` },
    ]);
  });
});

describe('a predicate of the nine fields', () => {
  const nine = {
    model_hash: `sha256:${DIGEST}`,
    training_code_commit: `https://code.example/lab/model@${COMMIT}`,
    training_data_hash: [`sha256:${OTHER_DIGEST}`, { name: 'harbour-corpus', digest: { sha256: DIGEST } }],
    base_model_hash: OTHER_DIGEST,
    training_environment: { gpu: 'A100', frameworks: { torch: '2.11.0' } },
    training_pipeline_id: 'run-7',
    signer_identity: { san: 'release-bot@models.example', issuer: 'https://accounts.example' },
    timestamp: '2026-11-02T08:00:00Z',
    evaluation_results: { accuracy: 0.9 },
  };

  it('is known by its type or by its keys', () => {
    expect(factsOf('https://models.example/model-provenance/v0.1', {}).kind).toBe('model-provenance');
    expect(factsOf('https://models.example/anything', nine).kind).toBe('model-provenance');
    expect(factsOf('https://models.example/anything', { model_hash: DIGEST, timestamp: 'x' }).kind).toBe('other');
  });

  it('gives all nine, signer and time as claims', () => {
    const facts = factsOf('https://models.example/model-provenance/v0.1', nine);
    expect(facts).toMatchObject({
      format: 'v0.1',
      outputs: [{ digests: [{ algorithm: 'sha256', digest: DIGEST }] }],
      commit: { value: COMMIT, at: 'predicate.training_code_commit' },
      repository: { value: 'https://code.example/lab/model' },
      invocation: { value: 'run-7' },
      claimedSigner: { value: 'release-bot@models.example', at: 'predicate.signer_identity.san' },
      claimedTime: { value: '2026-11-02T08:00:00Z', at: 'predicate.timestamp' },
      evaluations: [{ name: 'accuracy', value: '0.9' }],
      remarks: [],
    });
    expect(facts.inputs.map(({ role, digests }) => [role, digests[0]?.digest])).toEqual([
      ['code', COMMIT],
      ['dataset', OTHER_DIGEST],
      ['dataset', DIGEST],
      ['base-model', OTHER_DIGEST],
    ]);
  });

  it('states no base where it says none', () => {
    const facts = factsOf('https://models.example/model-provenance/v0.1', { ...nine, base_model_hash: 'none' });
    expect(facts.statesNoBase?.value).toBe('none');
    expect(facts.inputs.some(({ role }) => role === 'base-model')).toBe(false);
  });
});

describe('other predicates', () => {
  it('are known as model signatures, or as nothing that is read here', () => {
    expect(factsOf('https://model_signing/signature/v1.0', { resources: [] }).kind).toBe('model-signature');
    expect(factsOf('https://in-toto.io/attestation/link/v0.3', { name: 'x' })).toMatchObject({
      kind: 'other',
      inputs: [],
    });
  });
});
