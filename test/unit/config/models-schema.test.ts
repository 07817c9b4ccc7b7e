import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '#lib/config/error.ts';
import { schemasAt } from '#lib/config/json-schema.ts';
import { parseConfig } from '#lib/config/load.ts';
import { compilePolicies } from '#lib/provenance/expected-signer.ts';

const START = `organisation: { name: Models Example, contact: security@models.example }
trust:
  tuf: {}
  keys: [{ name: release key, file: k.pub }]
  authorities: [{ name: models CA, file: ca.pem }]
models:
`;
const parse = (...policies: readonly string[]) =>
  parseConfig(Buffer.from(`${START}${policies.map((policy) => `  - ${policy}\n`).join('')}`), 'm.yaml').config.models;
/** A good expectation with this signer. */
const by = (signer: string) => `{ name: n, models: m, signers: [${signer}] }`;

function problems(...policies: readonly string[]): string {
  try {
    parse(...policies);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('an expectation', () => {
  it('has every matcher written out, and its defaults', () => {
    const policies = parse(
      '{ name: a, models: base, signers: [{ identity: bot@models.example, issuer: { glob: "https://*.example" } }] }',
      `{ name: b, models: { pattern: "north.*" }, signers: [{ key: release key }, { authority: models CA }],
       attesters: [{ authority: models CA, identity: { glob: "CN=*" } }], require-provenance: true }`,
    );
    expect(policies).toEqual([
      {
        name: 'a',
        models: { exact: 'base' },
        signers: [{ identity: { exact: 'bot@models.example' }, issuer: { glob: 'https://*.example' } }],
        attesters: [],
        requireProvenance: false,
      },
      {
        name: 'b',
        models: { pattern: 'north.*' },
        signers: [{ key: 'release key' }, { authority: 'models CA' }],
        attesters: [{ authority: 'models CA', identity: { glob: 'CN=*' } }],
        requireProvenance: true,
      },
    ]);
  });

  it('that comes first holds, also where a later one is narrower', () => {
    const compiled = compilePolicies(
      parse(
        '{ name: wide, models: { glob: north* }, signers: [{ key: release key }] }',
        '{ name: narrow, models: northwind, signers: [{ authority: models CA }] }',
      ),
    );
    expect(compiled.policyFor('northwind')?.name).toBe('wide');
    expect(compiled.policyFor('southwind')).toBeNull();
  });

  it('may know its models by a pattern that would keep a backtracking engine busy for ever', () => {
    const compiled = compilePolicies(
      parse('{ name: n, models: { pattern: "(a+)+b" }, signers: [{ key: release key }] }'),
    );
    expect(compiled.policyFor('a'.repeat(50_000))).toBeNull();
    expect(compiled.policyFor(`${'a'.repeat(50_000)}b`)?.name).toBe('n');
  });

  it.each([
    [by('{}'), 'models[0].signers[0]: names nobody. Mend: Add identity with issuer, or key, or authority.'],
    [by('{ issuer: x }'), 'models[0].signers[0]: names nobody.'],
    [
      by('{ key: release key, identity: x }'),
      'models[0].signers[0].key: is a key and something else. Mend: Write key alone',
    ],
    [by('{ key: release key, authority: models CA }'), 'models[0].signers[0].key: is a key and something else.'],
    [
      by('{ authority: models CA, issuer: x }'),
      'models[0].signers[0].issuer: has an issuer beside an authority. Mend: Leave issuer out',
    ],
    [
      by('{ key: relase key }'),
      'models[0].signers[0].key: "relase key" is not under trust.keys. Mend: Write release key, or add it to trust.keys.',
    ],
    [
      by('{ authority: somebody else }'),
      'models[0].signers[0].authority: "somebody else" is not under trust.authorities. Mend: Add it to trust.authorities, with its file.',
    ],
    [
      '{ name: n, models: m, signers: [{ key: release key }], attesters: [{ key: models CA }] }',
      'models[0].attesters[0].key: "models CA" is not under trust.keys.',
    ],
    [by(''), 'models[0].signers: must have at least 1 items'],
    ['{ name: n, models: m }', 'models[0].signers: is missing'],
    ['{ name: n, signers: [{ key: release key }] }', 'models[0].models: is missing'],
    ['{ models: m, signers: [{ key: release key }] }', 'models[0].name: is missing'],
    ['{ name: n, models: m, signer: [] }', 'models[0].signer: is not a key that is known here. Mend: Write signers.'],
    [
      '{ name: n, models: { pattern: "(?=x)" }, signers: [{ key: release key }] }',
      'models[0].models.pattern: RE2 refuses the pattern',
    ],
    ['{ name: n, models: { glob: a, exact: b }, signers: [{ key: release key }] }', 'has more than one of'],
    ['{ name: n, models: "", signers: [{ key: release key }] }', 'models[0].models: must have at least 1 character'],
    [
      '{ name: n, models: m, signers: [{ key: release key }], require-provenance: 1 }',
      'models[0].require-provenance: must be true or false, not the number 1',
    ],
  ])('is refused as %s', (policy, problem) => {
    expect(problems(policy)).toContain(problem);
  });

  it('is refused where another one before it has its name', () => {
    expect(problems(by('{ key: release key }'), by('{ key: release key }'))).toContain(
      'm.yaml:8:13 models[1].name: "n" stands here twice. Mend: Give each its own name.',
    );
  });

  it('is refused at its place in the file, with all other mistakes of its kind', () => {
    const lines = problems(by('{ key: a }, { authority: b }')).split('\n');
    expect(lines.map((line) => line.split(': ')[0])).toEqual([
      'm.yaml:7:44 models[0].signers[0].key',
      'm.yaml:7:62 models[0].signers[1].authority',
    ]);
  });

  it('stands in the published JSON Schema with a reason for each key', () => {
    const keys = schemasAt(['models', 0]).flatMap(({ properties = {} }) => Object.keys(properties));
    expect(keys).toEqual(['name', 'models', 'signers', 'attesters', 'require-provenance']);
    const signer = schemasAt(['models', 0, 'signers', 0]).flatMap(({ properties = {} }) => Object.keys(properties));
    expect(signer).toEqual(['identity', 'issuer', 'key', 'authority']);
    const published = JSON.parse(
      readFileSync(new URL('../../../public/modeltrail.schema.json', import.meta.url), 'utf8'),
    );
    expect(published.properties.models.items.required).toEqual(['name', 'models', 'signers']);
    expect(published.properties.models.items.additionalProperties).toBe(false);
  });
});
