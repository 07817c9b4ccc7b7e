import { describe, expect, it } from 'vitest';
import { findingsOf, type ModelRecord, type RecordedSignature, type VersionRecord } from '#lib/provenance/findings.ts';

const DAY = 86_400_000;
const workflow = (file: string, ref: string) => ({
  san: `https://github.com/models-example/vision/.github/workflows/${file}@refs/tags/${ref}`,
  issuer: 'https://token.actions.githubusercontent.com',
});
const mailbox = { san: 'someone@models.example', issuer: 'https://accounts.models.example' };

function signed(signer: RecordedSignature['signer'], isExpected: boolean | null = null): RecordedSignature {
  return { bundleId: `bdl_${signer.san.slice(-8)}`, signer, at: 0, isExpected };
}

function version(n: number, overrides: Partial<VersionRecord> = {}): VersionRecord {
  return {
    versionId: `ver_${n}`,
    root: String(n).repeat(64).slice(0, 64),
    label: `1.${n}.0`,
    seenAs: 'signed',
    at: n * DAY,
    signatures: [signed(workflow('release.yml', `v1.${n}.0`))],
    provenance: 1,
    fields: [],
    signature: 'verified',
    weakest: 'verified',
    weakestReason: null,
    ...overrides,
  };
}

function kinds(versions: readonly VersionRecord[], overrides: Partial<ModelRecord> = {}): string[] {
  return findingsOf({
    name: 'vision',
    policy: null,
    requireProvenance: false,
    clashes: [],
    versions,
    ...overrides,
  }).map(({ kind, versionId }) => `${kind} ${versionId}`);
}

describe('findings of a model', () => {
  it('finds nothing where each release comes from the same workflow with provenance', () => {
    expect(kinds([version(2), version(1), version(3)])).toEqual([]);
  });

  it('finds another signer than the version before had', () => {
    expect(kinds([version(1), version(2, { signatures: [signed(mailbox)] })])).toEqual(['changed-signer ver_2']);
  });

  it('finds another workflow of the same repository', () => {
    const other = version(2, { signatures: [signed(workflow('hotfix.yml', 'v1.2.0'))] });
    expect(kinds([version(1), other])).toEqual(['changed-workflow ver_2']);
    const elsewhere = signed({
      ...workflow('release.yml', 'v1.2.0'),
      issuer: 'https://token.actions.elsewhere.example',
    });
    expect(kinds([version(1), version(2, { signatures: [elsewhere] })])).toEqual(['changed-signer ver_2']);
  });

  it('leaves a change between two expected signers alone, and finds an unexpected one', () => {
    const expected = [
      version(1, { signatures: [signed(mailbox, true)] }),
      version(2, { signatures: [signed(workflow('release.yml', 'v2'), true)] }),
    ];
    expect(kinds(expected, { policy: 'Vision' })).toEqual([]);
    const stranger = version(3, { signatures: [signed(workflow('release.yml', 'v3'), true), signed(mailbox, false)] });
    expect(kinds([...expected, stranger], { policy: 'Vision' })).toEqual(['unexpected-signer ver_3']);
  });

  it('finds provenance that was lost, once a version that has none follows one that had it', () => {
    expect(kinds([version(1), version(2, { provenance: 0 }), version(3, { provenance: 0 })])).toEqual([
      'lost-provenance ver_2',
    ]);
    expect(kinds([version(1, { provenance: 0 })])).toEqual([]);
    expect(kinds([version(1, { provenance: 0 })], { policy: 'Vision', requireProvenance: true })).toEqual([
      'lost-provenance ver_1',
    ]);
  });

  it('finds fields that the version before had and this one lacks', () => {
    const field = { field: 'training_data_hash' as const, values: [], note: '' };
    const whole = version(1, { fields: [{ ...field, status: 'claimed' }] });
    const part = version(2, { fields: [{ ...field, status: 'absent' }] });
    expect(kinds([whole, part])).toEqual(['partial-provenance ver_2']);
    expect(kinds([part, version(3, { fields: whole.fields })])).toEqual([]);
  });

  it('finds a version that lay about unsigned after signed ones, and no first one', () => {
    const observed = version(2, { signatures: [], seenAs: 'observed', signature: 'unsigned' });
    expect(kinds([version(1), observed])).toEqual(['unsigned-version ver_2']);
    expect(kinds([observed])).toEqual([]);
  });

  it('finds a broken chain with its reason, and none where a parent is merely unknown', () => {
    const broken = version(1, { weakest: 'parent-unsigned', weakestReason: 'retrieval-index is signed by nobody.' });
    const [finding] = findingsOf({
      name: 'vision',
      policy: null,
      requireProvenance: false,
      clashes: [],
      versions: [broken],
    });
    expect(finding).toMatchObject({
      kind: 'broken-link',
      statement: expect.stringContaining('retrieval-index is signed by nobody'),
    });
    expect(kinds([version(1, { weakest: 'parent-unknown' })])).toEqual([]);
  });

  it('finds a field in conflict, with the values beside each other', () => {
    const row = {
      field: 'training_code_commit' as const,
      status: 'conflict' as const,
      note: 'Two commits.',
      values: [
        {
          value: 'aaaa',
          source: 'certificate' as const,
          where: '1.13',
          bundleId: 'bdl_a',
          status: 'conflict' as const,
        },
        {
          value: 'bbbb',
          source: 'statement' as const,
          where: 'predicate',
          bundleId: 'bdl_a',
          status: 'conflict' as const,
        },
      ],
    };
    const [finding] = findingsOf({
      name: 'vision',
      policy: null,
      requireProvenance: false,
      clashes: [],
      versions: [version(1, { fields: [row] })],
    });
    expect(finding).toMatchObject({
      kind: 'field-conflict',
      key: 'training_code_commit',
      bundleId: 'bdl_a',
      evidence: { 'certificate, 1.13': 'aaaa', 'statement, predicate': 'bbbb' },
    });
  });
});
