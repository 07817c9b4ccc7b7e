import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAttestation } from '#lib/attestation/read.ts';
import { parseStatement, STATEMENT_V1 } from '#lib/model-signing/statement.ts';
import { StatementError } from '#lib/model-signing/statement-error.ts';
import { judgeMlLevel } from '#lib/provenance/ml-level/judge.ts';
import type { LevelFacts } from '#lib/provenance/ml-level/level-facts.ts';
import {
  COMMIT,
  extension,
  mintCertificate,
  mintLevelFacts,
  mintReview,
  mintStatement,
  type Predicate,
  SIGNER,
} from './mint.ts';
import { predicateWith } from './takeaways.ts';

const failing = (facts: LevelFacts) =>
  judgeMlLevel(facts)
    .checks.filter(({ outcome }) => outcome !== 'met')
    .map(({ id }) => id);
const failingWith = (change: (predicate: Predicate) => void) => failing(predicateWith(change)(mintLevelFacts()));
const builder = (from: Predicate) => from.runDetails?.builder as Record<string, unknown>;
const parameters = (from: Predicate) => from.buildDefinition?.externalParameters as Record<string, unknown>;
const inputs = (from: Predicate) => from.buildDefinition?.resolvedDependencies as unknown[];
const environment = (from: Predicate) => from.buildDefinition?.internalParameters as Record<string, unknown>;

/** What a build can set itself, under the names by which only its builder asserts things. */
const FORGED = { trainers_gpuExclusive: true, trainers_networkEgress: 'none', trainers_interactiveAccess: false };

describe('an assertion of isolation', () => {
  const drop = (from: Predicate) => {
    for (const key of Object.keys(builder(from))) if (key !== 'id') delete builder(from)[key];
  };

  it.each([
    ['internalParameters', (from: Predicate) => Object.assign(environment(from), FORGED)],
    ['the environment', (from: Predicate) => Object.assign(environment(from).environment as object, FORGED)],
    ['externalParameters', (from: Predicate) => Object.assign(parameters(from), FORGED)],
    [
      'the name of an input',
      (from: Predicate) =>
        inputs(from).push({
          name: 'trainers_networkEgress',
          uri: 'pkg:generic/none',
        }),
    ],
  ])('does not count where it stands in %s', (_, forge) => {
    const failed = failingWith((from) => {
      drop(from);
      forge(from);
    });
    expect(failed).toEqual(expect.arrayContaining(['3.5', '4.4']));
  });

  it('does not hold where another vendor asserts otherwise', () => {
    expect(failingWith((from) => Object.assign(builder(from), { other_networkEgress: 'any' }))).toEqual(['3.5', '4.4']);
  });

  it('does not hold where rows were cut off', () => {
    const many = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`k${i}`, i]));
    expect(failingWith((from) => Object.assign(environment(from).environment as object, many))).toEqual(
      expect.arrayContaining(['3.5', '4.4']),
    );
  });

  it.each(['allowlist', 'None', ' none', 'none,any'])('of the network %j is no hermetic run', (value) => {
    expect(failingWith((from) => Object.assign(builder(from), { trainers_networkEgress: value }))).toContain('4.4');
  });
});

describe('a parameter', () => {
  it.each(['source.path', 'source ', 'Source', 'sоurce', '', '__proto__x', 'source["a"]'])(
    'named %j is no source',
    (key) => {
      expect(failingWith((from) => Object.assign(parameters(from), { [key]: 'x' }))).toEqual(
        expect.arrayContaining(['3.3', '4.5']),
      );
    },
  );

  it('beside the source, inside it, is a parameter all the same', () => {
    const add = (from: Predicate) => Object.assign(parameters(from).source as object, { epochs: 3 });
    expect(failingWith(add)).toEqual(['4.5']);
  });

  it('beyond those that are read makes them not known', () => {
    const many = Object.fromEntries(Array.from({ length: 1200 }, (_, i) => [`k${i}`, i]));
    expect(failingWith((from) => Object.assign(parameters(from), many))).toEqual(
      expect.arrayContaining(['3.3', '4.5']),
    );
  });
});

describe('a certificate', () => {
  const withCertificate = (change: Partial<ReturnType<typeof mintCertificate>>) => {
    const { signature } = mintStatement();
    const certificate = { ...mintCertificate(), ...change };
    return mintLevelFacts({ statement: mintStatement({ signature: signature && { ...signature, certificate } }) });
  };
  const { extensions, sans } = mintCertificate();

  it.each([9, 10, 13, 19])('that has extension %i twice says nothing by it', (number) => {
    const twice = extensions.filter(({ oid }) => oid.endsWith(`.1.${number}`));
    expect(failing(withCertificate({ extensions: [...extensions, ...twice] }))).not.toEqual([]);
  });

  it('that encodes a value in another way is another value', () => {
    const other = extensions.map((one) =>
      one.oid.endsWith('.1.9') ? { ...one, raw: one.raw.replace(/^0c/, '13') } : one,
    );
    expect(failing(withCertificate({ extensions: other }))).toContain('3.1');
  });

  it('that names two identities, or two issuers, is of no known builder', () => {
    const besides = mintCertificate({ san: 'release-bot@models.example', issuer: SIGNER.issuer }).sans;
    expect(failing(withCertificate({ sans: [...sans, ...besides] }))).toEqual(expect.arrayContaining(['2.5', '2.6']));
    expect(failing(withCertificate({ issuer: { value: SIGNER.issuer, conflict: true } }))).toEqual(
      expect.arrayContaining(['2.5', '2.6']),
    );
    const issuers = [...extensions, extension(8, 'https://elsewhere.example')];
    expect(failing(withCertificate({ extensions: issuers }))).toEqual(expect.arrayContaining(['2.5', '2.6']));
  });
});

describe('a source review', () => {
  it.each([
    ['by another signer', { certificate: mintCertificate() }],
    ['by a verifier of another id', { verifier: 'https://forge.example/other' }],
    ['without a certificate', { certificate: null }],
    ['that failed', { isPassed: false }],
    ['of another repository', { resource: 'git+https://github.com/models-example/vision-2' }],
    ['of no repository', { resource: null }],
  ])('%s counts for nothing', (_, change) => {
    const judged = judgeMlLevel(mintLevelFacts({ statement: mintStatement({ reviews: [mintReview(change)] }) }));
    expect(judged).toMatchObject({ level: 3, slsaSource: { level: null } });
  });

  it('that says less than a review by two gives its own level', () => {
    const reviews = [mintReview({ levels: ['SLSA_SOURCE_LEVEL_3', 'slsa_source_level_4', 'SLSA_SOURCE_LEVEL_44'] })];
    expect(judgeMlLevel(mintLevelFacts({ statement: mintStatement({ reviews }) }))).toMatchObject({
      level: 3,
      slsaSource: { level: 3 },
    });
  });
});

describe('any predicate at all', () => {
  it('is judged without an error, and is worth nothing without a known builder', () => {
    const junk = fc.record({
      buildDefinition: fc.record({
        buildType: fc.string({ minLength: 1 }),
        externalParameters: fc.dictionary(fc.string(), fc.jsonValue()),
        internalParameters: fc.jsonValue(),
        resolvedDependencies: fc.array(
          fc.record({ name: fc.string(), uri: fc.string(), digest: fc.constant({ gitCommit: COMMIT }) }),
          { maxLength: 4 },
        ),
      }),
      runDetails: fc.record({ builder: fc.record({ id: fc.string({ minLength: 1 }) }), metadata: fc.jsonValue() }),
    });
    fc.assert(
      fc.property(junk, (predicate) => {
        const statement = {
          _type: STATEMENT_V1,
          subject: [{ name: 'x', digest: { sha256: 'a1'.repeat(32) } }],
          predicateType: 'https://slsa.dev/provenance/v1',
          predicate,
        };
        try {
          const facts = readAttestation(parseStatement(new TextEncoder().encode(JSON.stringify(statement))));
          const judged = judgeMlLevel(mintLevelFacts({ statement: mintStatement({ facts }) }));
          expect(judged.level).toBeLessThanOrEqual(1);
          expect(judged.slsaBuild.level).toBeLessThanOrEqual(1);
          for (const { how } of judged.checks) expect(how.length).toBeLessThan(2000);
        } catch (error) {
          if (!(error instanceof StatementError)) throw error;
        }
      }),
    );
  });
});
