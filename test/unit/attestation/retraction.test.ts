import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAttestation } from '#lib/attestation/read.ts';
import { RETRACTION_TYPE } from '#lib/attestation/retraction.ts';
import { retractionStatement } from '#lib/attestation/retraction-statement.ts';
import { parseStatement, STATEMENT_V1 } from '#lib/model-signing/statement.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';
import { mintHex } from '#test/factories.ts';

const ROOT = mintHex('root');
const OTHER = mintHex('other');
const subject = { name: 'granite', root: ROOT };

function read(predicate: unknown) {
  const statement = { _type: STATEMENT_V1, subject: [{ name: 'granite', digest: { sha256: ROOT } }] };
  return readAttestation(
    parseStatement(Buffer.from(JSON.stringify({ ...statement, predicateType: RETRACTION_TYPE, predicate }))),
  );
}

describe('a retraction', () => {
  it('is read as it was written', () => {
    const bytes = retractionStatement({ subject, reason: 'Leaks training data', replacement: OTHER });
    const statement = parseStatement(bytes);
    expect(statement.subjects).toMatchObject([{ name: 'granite', digests: [{ algorithm: 'sha256', digest: ROOT }] }]);
    expect(readAttestation(statement)).toMatchObject({
      kind: 'retraction',
      retraction: { reason: 'Leaks training data', replacement: { algorithm: 'sha256', digest: OTHER } },
      claimedTime: null,
    });
    expect(Buffer.from(bytes).toString()).not.toMatch(/time|date|\d{4}-\d\d-\d\d/i);
  });

  it('keeps a time that it states as a claim', () => {
    expect(read({ reason: 'x', timestamp: '2020-01-01T00:00:00Z' })).toMatchObject({
      retraction: { reason: 'x', replacement: null },
      claimedTime: { value: '2020-01-01T00:00:00Z' },
    });
  });

  it.each([
    [{}, 'predicate.reason'],
    [{ reason: '' }, 'predicate.reason'],
    [{ reason: 'x'.repeat(4097) }, 'predicate.reason'],
    [{ reason: 'x', replacement: 'sha256:00' }, 'predicate.replacement'],
    [{ reason: 'x', replacement: { digest: { sha256: 'no hex' } } }, 'predicate.replacement.digest'],
    [{ reason: 'x', replacement: {} }, 'predicate.replacement.digest'],
  ])('of %j is refused at the field at fault', (predicate, at) => {
    expect(() => read(predicate)).toThrow(expect.objectContaining({ code: 'bad-attestation', at }));
  });

  it('is read or refused, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (predicate) => {
        try {
          expect(read(predicate).kind).toBe('retraction');
        } catch (error) {
          expect(error).toBeInstanceOf(StatementError);
        }
      }),
    );
  });
});
