import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasSubject, parseStatement, STATEMENT_V0_1, STATEMENT_V1 } from '#lib/model-signing/statement.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';

const SHA = 'ab'.repeat(32);
const good = {
  _type: STATEMENT_V1,
  subject: [{ name: 'model', digest: { sha256: SHA.toUpperCase(), gitCommit: 'c0ffee' } }],
  predicateType: 'https://models.example/predicate',
  predicate: { any: 'thing' },
};
const parse = (value: unknown) => parseStatement(new TextEncoder().encode(JSON.stringify(value)));

function codeOf(value: unknown): string {
  try {
    parse(value);
    return 'taken';
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    return error.code;
  }
}

describe('an in-toto statement', () => {
  it('is read with its subjects, digests in lowercase hex', () => {
    const statement = parse(good);
    expect(statement).toMatchObject({
      type: STATEMENT_V1,
      predicateType: good.predicateType,
      predicate: { any: 'thing' },
    });
    expect(statement.subjects).toEqual([
      {
        name: 'model',
        digests: [
          { algorithm: 'sha256', digest: SHA },
          { algorithm: 'gitCommit', digest: 'c0ffee' },
        ],
        annotations: {},
      },
    ]);
    expect(hasSubject(statement, 'sha256', SHA)).toBe(true);
    expect(hasSubject(statement, 'sha512', SHA)).toBe(false);
  });

  it('of v0.1, as cosign writes it, is read as well', () => {
    expect(parse({ ...good, _type: STATEMENT_V0_1 }).type).toBe(STATEMENT_V0_1);
  });

  it('may leave out the predicate and the name of a subject', () => {
    const { predicate: _, ...rest } = good;
    const statement = parse({ ...rest, subject: [{ digest: { sha256: SHA } }] });
    expect(statement.predicate).toBeNull();
    expect(statement.subjects[0]?.name).toBe('');
  });

  it.each<[string, unknown, string]>([
    ['no object', [good], 'not-a-statement'],
    ['of another type', { ...good, _type: 'https://in-toto.io/Statement/v9' }, 'unknown-statement-type'],
    ['without a type', { ...good, _type: undefined }, 'unknown-statement-type'],
    ['without subjects', { ...good, subject: [] }, 'no-subject'],
    ['with a subject that is none', { ...good, subject: ['model'] }, 'bad-subject'],
    ['with a subject without digest', { ...good, subject: [{ name: 'model' }] }, 'bad-subject'],
    ['with an empty digest set', { ...good, subject: [{ name: 'model', digest: {} }] }, 'bad-subject'],
    ['with a short digest', { ...good, subject: [{ name: 'model', digest: { sha256: 'ab' } }] }, 'bad-subject'],
    [
      'with a digest that is no hex',
      { ...good, subject: [{ name: 'model', digest: { sha256: 'zz'.repeat(32) } }] },
      'bad-subject',
    ],
    ['with a name that is no text', { ...good, subject: [{ name: 7, digest: { sha256: SHA } }] }, 'bad-subject'],
    ['without predicate type', { ...good, predicateType: '' }, 'bad-predicate-type'],
  ])('%s is refused', (_, value, code) => {
    expect(codeOf(value)).toBe(code);
  });

  it('with a key twice is refused: it would say two things', () => {
    const text = JSON.stringify(good).replace('"predicateType"', '"subject":[],"predicateType"');
    expect(() => parseStatement(new TextEncoder().encode(text))).toThrow(/"subject" twice/);
  });

  it('never fails in another way', () => {
    fc.assert(fc.property(fc.json(), (text) => typeof codeOf(JSON.parse(text)) === 'string'));
    const subject = fc.array(fc.record({ name: fc.jsonValue(), digest: fc.jsonValue() }), { maxLength: 3 });
    fc.assert(fc.property(subject, (subjects) => typeof codeOf({ ...good, subject: subjects }) === 'string'));
  });
});
