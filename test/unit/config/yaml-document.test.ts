import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { YamlDocument } from '#lib/config/yaml-document.ts';

const TEXT = `name: one
watch:
  - name: first
    issuer: &issuer
      exact: https://issuer.example
  - name: second
    issuer: *issuer
    1.2.3: flow
`;

describe('a YAML document', () => {
  it.each([
    [['name'], 'key', 1, 1],
    [['name'], 'value', 1, 7],
    [['watch', 1], 'value', 6, 5],
    [['watch', 1, 'name'], 'value', 6, 11],
    [['watch', 0, 'issuer', 'exact'], 'value', 5, 14],
    [['watch', 1, '1.2.3'], 'key', 8, 5],
  ] as const)('knows the place of %j (%s)', (path, at, line, column) => {
    expect(new YamlDocument(TEXT).locate(path, at)).toEqual({ line, column });
  });

  it('follows an alias to the place where its value was written', () => {
    expect(new YamlDocument(TEXT).locate(['watch', 1, 'issuer', 'exact'], 'value')).toEqual({ line: 5, column: 14 });
  });

  it('gives for what is not there the place of what should hold it', () => {
    const document = new YamlDocument(TEXT);
    expect(document.locate(['watch', 1, 'own'], 'key')).toEqual({ line: 6, column: 5 });
    expect(document.locate(['organisation', 'name'], 'key')).toEqual({ line: 1, column: 1 });
    expect(document.locate(['name', 'x'], 'value')).toEqual({ line: 1, column: 1 });
    expect(new YamlDocument('').locate([], 'value')).toEqual({ line: 1, column: 1 });
  });

  it.each([
    ['a key twice', 'a: 1\nb: 2\na: 3\n', 3, 1, 'Keep one of the two'],
    ['a tab', 'a:\n\tb: 1\n', 2, 1, 'Indent with spaces'],
    ['a second document', 'a: 1\n---\nb: 2\n', 2, 1, 'Leave out everything from the second --- on'],
    ['a tag', 'a: !module x\n', 1, 4, 'Leave out the tag'],
    ['an alias of nothing', 'a: 1\nb: *issuer\n', 2, 4, 'Write out the value'],
    ['an open quote', 'a: "x\n', 2, 1, 'Correct the YAML from here on'],
  ])('refuses %s, and says where', (_, text, line, column, mend) => {
    expect(new YamlDocument(text).problems[0]).toMatchObject({ line, column, mend });
  });

  it('refuses aliases that multiply, in no time', () => {
    const started = performance.now();
    const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]'];
    for (let i = 1; i < 12; i++) bomb.push(`a${i}: &a${i} [${new Array(10).fill(`*a${i - 1}`).join(',')}]`);
    expect(new YamlDocument(bomb.join('\n')).problems).toMatchObject([
      { message: 'The aliases of this file multiply too far' },
    ]);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('allows the same issuer to be an alias in hundreds of rules', () => {
    const rules = Array.from({ length: 500 }, () => '  - *issuer').join('\n');
    expect(new YamlDocument(`issuer: &issuer https://issuer.example\nwatch:\n${rules}\n`).problems).toEqual([]);
  });

  it.each([
    ['lists', '['.repeat(100_000)],
    ['maps', '{a: '.repeat(50_000)],
  ])('refuses %s nested without end', (_, text) => {
    expect(new YamlDocument(text).problems.length).toBeGreaterThan(0);
  });

  it('never throws, whatever it is given', () => {
    const piece = fc.constantFrom(
      'a',
      ':',
      ' ',
      '\n',
      '- ',
      '[',
      ']',
      '{',
      '}',
      '&x ',
      '*x',
      '"',
      "'",
      '|',
      '#',
      '!t ',
      '? ',
      '\t',
      '---\n',
      '%',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const document = new YamlDocument(pieces.join(''));
        for (const { line, column } of document.problems) expect(Math.min(line, column)).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });
});
