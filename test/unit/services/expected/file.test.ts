import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectedSignings } from '#db/schema/expected.ts';
import { parseExpectedFile } from '#lib/services/expected/read-file.ts';
import { syncExpectedFile } from '#lib/services/expected/sync-file.ts';
import { openContext, type TestContext } from '#test/support/context.ts';

const DIGEST = 'ab'.repeat(32);
const WINDOW = 'from: 2026-01-01T00:00:00Z, until: 2026-01-02T00:00:00Z';
const yaml = (...entries: readonly string[]) =>
  parseExpectedFile(Buffer.from(entries.map((entry) => `- { ${entry} }\n`).join('')), 'e.yaml');
const lines = (text: string) => parseExpectedFile(Buffer.from(text), 'e.jsonl');

describe('a list of expected signings', () => {
  it('is read from YAML and from lines of JSON alike', () => {
    const line = `{"digest":"${DIGEST}","uses":2,"from":"2026-01-01T00:00:00Z","until":"2026-01-02T00:00:00Z"}`;
    const read = yaml(`digest: ${DIGEST}, uses: 2, ${WINDOW}`);
    expect(read).toEqual([
      { digest: DIGEST, uses: 2, validFromAt: Date.UTC(2026, 0, 1), validUntilAt: Date.UTC(2026, 0, 2) },
    ]);
    expect(lines(`\n${line}\n`)).toEqual(read);
    expect(parseExpectedFile(Buffer.from(''), 'e.yaml')).toEqual([]);
  });

  it.each([
    ['e.yaml:2 digest: is not a digest', [`digest: ${DIGEST}, ${WINDOW}`, `digest: AB, ${WINDOW}`]],
    ['e.yaml:1 until: is not a time', [`digest: ${DIGEST}, from: 2026-01-01T00:00:00Z`]],
    [
      'e.yaml:1 until: is not after from',
      [`digest: ${DIGEST}, from: 2026-01-02T00:00:00Z, until: 2026-01-01T00:00:00Z`],
    ],
    [
      'e.yaml:1 until: is more than 30 days',
      [`digest: ${DIGEST}, from: 2026-01-01T00:00:00Z, until: 2026-03-01T00:00:00Z`],
    ],
    ['e.yaml:1 issuer: is missing', [`identity: a@models.example, ${WINDOW}`]],
    ['e.yaml:1 identity: has an invisible', [`identity: "a\\u200b@x", issuer: https://a.example, ${WINDOW}`]],
    ['e.yaml:1 glob: is not a field', [`glob: "*", digest: ${DIGEST}, ${WINDOW}`]],
    ['e.yaml:1 digest: nothing says', [WINDOW]],
    ['e.yaml:2 uses: it stands in line 1 already', [`digest: ${DIGEST}, ${WINDOW}`, `digest: ${DIGEST}, ${WINDOW}`]],
    ['e.yaml:1 validFromAt: is not known here', [`digest: ${DIGEST}, validFromAt: 1, ${WINDOW}`]],
  ])('is refused with line and field: %s', (message, entries) => {
    expect(() => yaml(...entries)).toThrow(message);
  });

  it('is refused where it is no list, no YAML, no JSON, or says a thing twice', () => {
    for (const text of ['a: 1', '- [', '- 1', '\xff']) {
      expect(() => parseExpectedFile(Buffer.from(text, 'latin1'), 'e.yaml'), text).toThrow(/^e\.yaml:\d+ /);
    }
    expect(() => lines(`\n{"digest":"a","digest":"b"}`)).toThrow(/^e\.jsonl:2 /);
    expect(() => lines('{"digest"')).toThrow(/^e\.jsonl:1 /);
  });
});

describe('what a list declares', () => {
  let ctx: TestContext;
  beforeEach(() => {
    ctx = openContext(); // on 1 January 2026
  });
  afterEach(() => ctx.database.close());
  const ids = () =>
    ctx.database.db
      .select()
      .from(expectedSignings)
      .all()
      .map(({ digest }) => digest?.slice(0, 2));
  const other = 'cd'.repeat(32);

  it('follows the file, and is not declared anew by a change elsewhere in it', () => {
    const both = yaml(`digest: ${DIGEST}, ${WINDOW}`, `digest: ${other}, ${WINDOW}`);
    expect(syncExpectedFile(ctx, { path: 'e.yaml', declarations: both })).toEqual({ added: 2, withdrawn: 0 });
    const reversed = [...both].reverse();
    expect(syncExpectedFile(ctx, { path: 'f.yaml', declarations: reversed })).toEqual({ added: 0, withdrawn: 0 });
    expect(syncExpectedFile(ctx, { path: 'e.yaml', declarations: both.slice(0, 1) })).toEqual({
      added: 0,
      withdrawn: 1,
    });
    expect(ids()).toEqual(['ab']);
    expect(syncExpectedFile(ctx, null)).toEqual({ added: 0, withdrawn: 1 });
  });

  it('stays where it leaves the file after its time is over', () => {
    syncExpectedFile(ctx, { path: 'e.yaml', declarations: yaml(`digest: ${DIGEST}, ${WINDOW}`) });
    ctx.tick(2 * 24 * 3_600_000);
    expect(syncExpectedFile(ctx, null)).toEqual({ added: 0, withdrawn: 0 });
    expect(ids()).toEqual(['ab']);
  });
});
