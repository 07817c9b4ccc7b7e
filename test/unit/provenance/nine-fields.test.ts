import { describe, expect, it } from 'vitest';
import { type AttestationFacts, noFacts, type ProvenanceField } from '#lib/attestation/facts.ts';
import {
  type FieldRow,
  nineFields,
  type VersionAttestation,
  type VersionEvidence,
} from '#lib/provenance/nine-fields.ts';
import type { CertificateFacts } from '#lib/watch/certificate.ts';

const ROOT = 'a1'.repeat(32);
const COMMIT = 'c0ffee00'.repeat(5);
const RUN = 'https://github.com/models-example/vision/actions/runs/71';
const SIGNED = Date.UTC(2026, 7, 1, 12);
const trainer = {
  san: 'https://github.com/models-example/vision/.github/workflows/train.yml@refs/tags/v1.0.0',
  issuer: 'https://token.actions.githubusercontent.com',
};
const tester = { san: 'evaluation@lab.example', issuer: 'https://accounts.lab.example' };

function certificate(extensions: Readonly<Record<string, string>>): CertificateFacts {
  return {
    serial: '01',
    issuerName: 'CN=fulcio',
    subjectName: '',
    notBefore: SIGNED,
    notAfter: SIGNED + 600_000,
    sans: [],
    issuer: { value: trainer.issuer, conflict: false },
    extensions: Object.entries(extensions).map(([number, value]) => ({
      oid: `1.3.6.1.4.1.57264.1.${number}`,
      name: null,
      value,
      raw: '',
    })),
    spki: { from: 0, to: 0 },
    anomalies: [],
  };
}

function attestation(
  facts: Partial<AttestationFacts>,
  overrides: Partial<VersionAttestation> = {},
): VersionAttestation {
  return {
    bundleId: 'bdl_provenance',
    signer: trainer,
    signedAt: SIGNED,
    signedAtSource: 'timestamp-authority',
    counts: true,
    facts: { ...noFacts('slsa-provenance', 'v1'), ...facts },
    certificate: certificate({ 13: COMMIT, 21: `${RUN}/attempts/1` }),
    ...overrides,
  };
}

const signature = {
  bundleId: 'bdl_model',
  signer: trainer,
  signedAt: SIGNED,
  signedAtSource: 'timestamp-authority',
  isExpected: true,
};

function evidence(overrides: Partial<VersionEvidence> = {}): VersionEvidence {
  return { root: ROOT, signatures: [signature], attestations: [], links: [], declaredEvaluations: [], ...overrides };
}

function row(field: ProvenanceField, of: VersionEvidence): FieldRow {
  const found = nineFields(of).find((candidate) => candidate.field === field);
  if (!found) throw new Error(`no row for ${field}`);
  return found;
}

const at = 'predicate.x';

describe('the nine fields', () => {
  it('has all nine rows for a version of which nothing is known', () => {
    const rows = nineFields(evidence({ signatures: [] }));
    expect(rows.map(({ status }) => status)).toEqual(Array(9).fill('absent'));
    expect(rows.every(({ note }) => note.length > 10)).toBe(true);
  });

  it('proves the hash by the signature over the files, and only claims it from a statement', () => {
    expect(row('model_hash', evidence()).status).toBe('proven');
    expect(row('model_hash', evidence({ signatures: [], attestations: [attestation({})] })).status).toBe('claimed');
    const unexpected = evidence({ signatures: [{ ...signature, isExpected: false }] });
    expect(row('model_hash', unexpected)).toMatchObject({
      status: 'claimed',
      note: expect.stringContaining('nobody who is expected'),
    });
  });

  it('proves a commit that the certificate of the pipeline repeats', () => {
    const found = row(
      'training_code_commit',
      evidence({ attestations: [attestation({ commit: { value: COMMIT.toUpperCase(), at } })] }),
    );
    expect(found.status).toBe('proven');
    expect(found.values.map(({ source }) => source)).toEqual(['certificate', 'statement']);
  });

  it('is in conflict where payload and certificate name two commits', () => {
    const other = attestation({ commit: { value: 'd'.repeat(40), at } });
    expect(row('training_code_commit', evidence({ attestations: [other] }))).toMatchObject({
      status: 'conflict',
      note: expect.stringContaining('another commit'),
    });
  });

  it('only claims a commit that no certificate names, or that a signer states whose word does not count', () => {
    const stated = { commit: { value: COMMIT, at } };
    const byMailbox = attestation(stated, { certificate: certificate({}) });
    expect(row('training_code_commit', evidence({ attestations: [byMailbox] })).status).toBe('claimed');
    const byStranger = attestation(stated, { counts: false });
    expect(row('training_code_commit', evidence({ attestations: [byStranger] })).status).toBe('claimed');
  });

  it('takes an extension that stands twice for no proof', () => {
    const twice = {
      ...certificate({ 13: COMMIT }),
      extensions: [...certificate({ 13: COMMIT }).extensions, ...certificate({ 13: 'e'.repeat(40) }).extensions],
    };
    const found = attestation({ commit: { value: COMMIT, at } }, { certificate: twice });
    expect(row('training_code_commit', evidence({ attestations: [found] })).status).toBe('claimed');
  });

  it('knows a run with and without its attempt', () => {
    const found = attestation({ invocation: { value: RUN, at } });
    expect(row('training_pipeline_id', evidence({ attestations: [found] })).status).toBe('proven');
    const other = attestation({ invocation: { value: `${RUN}2`, at } });
    expect(row('training_pipeline_id', evidence({ attestations: [other] })).status).toBe('conflict');
  });

  it('proves an input by digest once the input is signed itself', () => {
    const link = {
      role: 'dataset' as const,
      name: 'quay-images',
      digests: [{ algorithm: 'sha256', digest: 'b'.repeat(64) }],
      at,
      bundleId: 'bdl_provenance',
      reason: 'Nobody has signed it.',
    };
    expect(row('training_data_hash', evidence({ links: [{ ...link, state: 'verified' }] })).status).toBe('proven');
    expect(row('training_data_hash', evidence({ links: [{ ...link, state: 'parent-unknown' }] }))).toMatchObject({
      status: 'claimed',
      note: 'Nobody has signed it.',
      values: [{ value: `sha256:${'b'.repeat(64)}` }],
    });
    expect(row('base_model_hash', evidence({ links: [{ ...link, state: 'verified' }] })).status).toBe('absent');
  });

  it('is in conflict where no base is stated and one is named', () => {
    const none = attestation({ statesNoBase: { value: 'base_model', at } });
    expect(row('base_model_hash', evidence({ attestations: [none] })).status).toBe('claimed');
    const link = {
      role: 'base-model' as const,
      name: 'base',
      digests: [],
      at,
      bundleId: null,
      state: 'declared' as const,
      reason: '',
    };
    expect(row('base_model_hash', evidence({ attestations: [none], links: [link] })).status).toBe('conflict');
  });

  it('lets no stranger put a conflict on somebody else’s model', () => {
    const none = attestation({ statesNoBase: { value: 'base_model', at } });
    const stranger = { signer: { san: 'stranger@elsewhere.example', issuer: null }, counts: false };
    const lies = attestation(
      {
        claimedSigner: { value: 'ceo@models.example', at },
        claimedTime: { value: '2020-01-01T00:00:00Z', at },
        finishedAt: { time: SIGNED + 3_600_000, at },
        commit: { value: 'd'.repeat(40), at },
      },
      stranger,
    );
    const link = {
      role: 'base-model' as const,
      name: 'poisoned',
      digests: [{ algorithm: 'sha256', digest: 'e'.repeat(64) }],
      at,
      bundleId: 'bdl_stranger',
      state: 'declared' as const,
      reason: 'Said by a stranger.',
    };
    const rows = nineFields(evidence({ attestations: [none, lies], links: [link] }));
    expect(rows.filter(({ status }) => status === 'conflict')).toEqual([]);
  });

  it('never takes the signer from a payload, and says where one claims another', () => {
    const lies = attestation({ claimedSigner: { value: 'ceo@models.example', at } });
    const found = row('signer_identity', evidence({ attestations: [lies] }));
    expect(found.status).toBe('conflict');
    expect(found.values[0]).toMatchObject({ source: 'certificate', status: 'proven' });
    const part = attestation({ claimedSigner: { value: 'models-example/vision', at } });
    expect(row('signer_identity', evidence({ attestations: [part] })).status).toBe('conflict');
    const same = attestation({ claimedSigner: { value: trainer.san, at } });
    expect(row('signer_identity', evidence({ attestations: [same] })).status).toBe('proven');
  });

  it('takes the time from log or timestamp, and a payload’s other time for a conflict', () => {
    expect(row('timestamp', evidence()).status).toBe('proven');
    const claimed = (value: string) => attestation({ claimedTime: { value, at } });
    expect(row('timestamp', evidence({ attestations: [claimed('2026-08-01T10:00:00Z')] })).status).toBe('proven');
    expect(row('timestamp', evidence({ attestations: [claimed('2025-01-01T00:00:00Z')] })).status).toBe('conflict');
    expect(row('timestamp', evidence({ attestations: [claimed('yesterday')] })).status).toBe('conflict');
    const late = attestation({ finishedAt: { time: SIGNED + 3_600_000, at } });
    expect(row('timestamp', evidence({ attestations: [late] })).status).toBe('conflict');
  });

  it('says of what is signed but not logged that nothing shows when', () => {
    const unlogged = { ...signature, signedAt: null, signedAtSource: null };
    expect(row('timestamp', evidence({ signatures: [unlogged] }))).toMatchObject({
      status: 'absent',
      note: 'Signed, not logged: nothing shows when.',
    });
  });

  it('tells results that another identity signed from those of the model’s own makers', () => {
    const results = { evaluations: [{ name: 'accuracy', value: '0.91', on: 'quay-test', at }] };
    const own = attestation({ ...results });
    expect(row('evaluation_results', evidence({ attestations: [own] })).status).toBe('claimed');
    const separate = attestation({ ...noFacts('test-result', 'v0.1'), ...results }, { signer: tester });
    expect(row('evaluation_results', evidence({ attestations: [separate] }))).toMatchObject({
      status: 'proven',
      values: [{ value: 'accuracy: 0.91 (quay-test)' }],
    });
    const declared = evidence({ declaredEvaluations: [{ name: 'accuracy', value: '0.99', where: 'README.md' }] });
    expect(row('evaluation_results', declared).status).toBe('claimed');
  });
});
