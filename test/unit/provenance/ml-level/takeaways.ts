import type {
  LevelFacts,
  StatementEvidence,
  StatementSignature,
  VersionFacts,
} from '#lib/provenance/ml-level/level-facts.ts';
import { factsOf, mintCertificate, mintPredicate, type Predicate } from './mint.ts';

/** Takes one thing away from facts that reach level 4. */
export interface Takeaway {
  /** The checks that must fail then, and no others. */
  readonly fails: readonly string[];
  readonly what: string;
  take(facts: LevelFacts): LevelFacts;
}

const of = (change: (statement: StatementEvidence) => Partial<StatementEvidence>) => (facts: LevelFacts) =>
  facts.statement ? { ...facts, statement: { ...facts.statement, ...change(facts.statement) } } : facts;

const signed = (change: (signature: StatementSignature) => Partial<StatementSignature>) =>
  of(({ signature }) => ({ signature: signature && { ...signature, ...change(signature) } }));

const without = (...numbers: readonly number[]) =>
  signed(({ certificate }) => ({
    certificate: certificate && {
      ...certificate,
      extensions: certificate.extensions.filter(({ oid }) => !numbers.includes(Number(oid.split('.').at(-1)))),
    },
  }));

const version = (change: Partial<VersionFacts>) => (facts: LevelFacts) => ({
  ...facts,
  version: { ...facts.version, ...change },
});

/** A field of the statement, by reading the whole predicate again without it. */
const predicate = (change: (predicate: Predicate) => void) =>
  of(() => {
    const changed = mintPredicate();
    change(changed);
    return { facts: factsOf(changed) };
  });

const definition = (from: Predicate) => from.buildDefinition as Record<string, Record<string, unknown>>;
const run = (from: Predicate) => from.runDetails as Record<string, Record<string, unknown>>;
const dependencies = (from: Predicate) => from.buildDefinition?.resolvedDependencies as Record<string, unknown>[];
const dropInput = (name: string) => (from: Predicate) => {
  if (from.buildDefinition)
    from.buildDefinition.resolvedDependencies = dependencies(from).filter((one) => one.name !== name);
};
const dropDigest = (name: string) => (from: Predicate) => {
  delete dependencies(from).find((one) => one.name === name)?.digest;
};
const dropAssertion = (name: string) => (from: Predicate) => {
  delete run(from).builder?.[`trainers_${name}`];
};

/** Each changes facts that no other changes, so that any of them can be taken together. */
export const EVIDENCE_TAKEAWAYS: readonly Takeaway[] = [
  { what: 'that the subject is these files', fails: ['1.1'], take: of(() => ({ namesModel: false })) },
  { what: 'that the subject is the root', fails: ['2.11'], take: of(() => ({ namesRoot: false })) },
  {
    what: 'that the SCT was checked',
    fails: ['2.2'],
    take: signed(({ passed }) => ({ passed: new Set([...passed].filter((one) => one !== 'sct')) })),
  },
  { what: 'the log', fails: ['2.3'], take: signed(() => ({ logged: 'not-logged' })) },
  { what: 'that anybody is expected', fails: ['2.4', '2.11'], take: version({ expectation: null }) },
  {
    what: 'the issuers of pipelines',
    fails: ['2.5'],
    take: (facts) => ({ ...facts, trust: { ...facts.trust, ciIssuers: [] } }),
  },
  {
    what: 'the accepted builders',
    fails: ['2.6', '3.1', '3.2', '3.3', '3.5', '4.3', '4.4'],
    take: (facts) => ({ ...facts, trust: { ...facts.trust, builders: [] } }),
  },
  { what: 'the commit in the certificate', fails: ['2.7'], take: without(13) },
  { what: 'the repository in the certificate', fails: ['2.7'], take: without(12) },
  { what: 'the run in the certificate', fails: ['2.7'], take: without(21) },
  { what: 'the signature over the files', fails: ['2.11'], take: version({ signatures: [] }) },
  { what: 'the proven time', fails: ['2.12'], take: signed(() => ({ signedAt: null })) },
  { what: 'the place beside the model', fails: ['2.13'], take: of(() => ({ foundWith: [] })) },
  { what: 'the check before deployment', fails: ['2.14'], take: version({ checked: null }) },
  { what: 'the workflow in the certificate', fails: ['3.1'], take: without(9) },
  { what: 'the commit of the workflow in the certificate', fails: ['3.1'], take: without(10) },
  { what: 'where it ran', fails: ['3.2'], take: without(11) },
  {
    what: 'the list of parameters',
    fails: ['3.3'],
    take: (facts) => ({
      ...facts,
      trust: { ...facts.trust, builders: facts.trust.builders.map((row) => ({ ...row, parameters: null })) },
    }),
  },
  { what: 'the links', fails: ['3.7', '3.8'], take: of(() => ({ links: [] })) },
  {
    what: 'the signature of a data set',
    fails: ['3.7'],
    take: of(({ links }) => ({
      links: links.map((link) => (link.role === 'dataset' ? { ...link, state: 'parent-unsigned' } : link)),
    })),
  },
  { what: 'the review', fails: ['4.1'], take: of(() => ({ reviews: [] })) },
  { what: 'the configuration in the certificate', fails: ['2.5', '4.2'], take: without(18) },
  { what: 'the commit of the configuration', fails: ['4.2'], take: without(19) },
  { what: 'the evaluation', fails: ['4.7'], take: version({ evaluations: [] }) },
  { what: 'the levels upstream', fails: ['4.8'], take: version({ upstream: null }) },
  { what: 'the verdict upstream', fails: ['4.8'], take: version({ weakest: null }) },
];

/** Each reads the statement again without one field. */
export const STATEMENT_TAKEAWAYS: readonly Takeaway[] = [
  {
    what: 'every parameter',
    fails: ['1.2'],
    take: predicate((from) => Object.assign(definition(from), { externalParameters: {} })),
  },
  { what: 'the run', fails: ['1.4', '2.7'], take: predicate((from) => delete run(from).metadata?.invocationId) },
  { what: 'the commit', fails: ['2.7', '2.8', '4.1', '4.2', '4.3'], take: predicate(dropDigest('training-code')) },
  { what: 'the data set', fails: ['1.6', '2.9', '3.7'], take: predicate(dropInput('training-dataset')) },
  { what: 'the digest of the data set', fails: ['2.9', '4.3'], take: predicate(dropDigest('training-dataset')) },
  { what: 'the base', fails: ['1.7', '2.10', '3.8'], take: predicate(dropInput('base-model')) },
  { what: 'the digest of the base', fails: ['2.10', '4.3'], take: predicate(dropDigest('base-model')) },
  { what: 'the configuration', fails: ['1.8'], take: predicate(dropInput('training-config')) },
  { what: 'the image', fails: ['3.4'], take: predicate(dropInput('training-image')) },
  { what: 'when it ended', fails: ['2.12'], take: predicate((from) => delete run(from).metadata?.finishedOn) },
  {
    what: 'the environment',
    fails: ['3.4', '4.6'],
    take: predicate((from) => delete definition(from).internalParameters),
  },
  { what: 'that the GPU was its own', fails: ['3.5'], take: predicate(dropAssertion('gpuExclusive')) },
  { what: 'what network there was', fails: ['3.5', '4.4'], take: predicate(dropAssertion('networkEgress')) },
  { what: 'that nobody was logged in', fails: ['3.5'], take: predicate(dropAssertion('interactiveAccess')) },
  { what: 'that these are all', fails: ['4.3'], take: predicate(dropAssertion('dependenciesComplete')) },
  { what: 'what the run left behind', fails: ['3.6'], take: predicate((from) => delete run(from).byproducts) },
];

/** A certificate of somebody else in place of the pipeline's, with the same extensions. */
export function signedBy(facts: LevelFacts, san: string, issuer: string): LevelFacts {
  return signed(() => ({ signer: { san, issuer }, certificate: mintCertificate({ san, issuer }) }))(facts);
}

export const unsigned = of(() => ({ signature: null }));
export const predicateWith = predicate;
