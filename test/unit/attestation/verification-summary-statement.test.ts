import { describe, expect, it } from 'vitest';
import { readAttestation } from '#lib/attestation/read.ts';
import {
  type VerificationSummary,
  verificationSummaryStatement,
} from '#lib/attestation/verification-summary-statement.ts';
import { parseStatement } from '#lib/model-signing/statement.ts';

const SUMMARY: VerificationSummary = {
  subject: { name: 'vision', root: 'a1'.repeat(32) },
  verifier: 'https://modeltrail.models.example',
  software: '0.1.0',
  resource: 'urn:modeltrail:model:vision',
  policy: 'urn:modeltrail:policy:ml-level:v1',
  verifiedAt: Date.UTC(2026, 7, 1, 12),
  levels: ['MODELTRAIL_ML_LEVEL_2', 'SLSA_BUILD_LEVEL_3'],
  dependencyLevels: { MODELTRAIL_ML_LEVEL_2: 1 },
  inputs: ['b1'.repeat(32)],
};
const read = (statement: object) =>
  readAttestation(parseStatement(new TextEncoder().encode(JSON.stringify(statement))));

describe('a verification summary', () => {
  it('is read by our own reader as it was meant', () => {
    const facts = read(verificationSummaryStatement(SUMMARY));
    expect(facts).toMatchObject({
      kind: 'verification-summary',
      result: { value: 'PASSED' },
      verifiedLevels: SUMMARY.levels,
      finishedAt: { time: SUMMARY.verifiedAt },
      remarks: [],
    });
    expect(facts.parameters.map(({ label, value }) => [label, value])).toEqual(
      expect.arrayContaining([
        ['verifier', SUMMARY.verifier],
        ['resource', SUMMARY.resource],
        ['policy', SUMMARY.policy],
        ['dependency levels.MODELTRAIL_ML_LEVEL_2', '1'],
      ]),
    );
  });

  it('failed where no level is met, and names none then', () => {
    const facts = read(verificationSummaryStatement({ ...SUMMARY, levels: [] }));
    expect(facts).toMatchObject({ result: { value: 'FAILED' }, verifiedLevels: ['FAILED'] });
  });
});
