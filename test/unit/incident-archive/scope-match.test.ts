import { describe, expect, it } from 'vitest';
import { noFacts } from '#lib/attestation/facts.ts';
import type { ArchivedArtifact } from '#lib/incident-archive/documents.ts';
import type { ProvenSigning } from '#lib/incident-archive/proven-signing.ts';
import { SameThings } from '#lib/incident-archive/same-things.ts';
import { criteriaOf, nameStart, type PathStart } from '#lib/incident-archive/scope-match.ts';
import type { Criterion } from '#lib/provenance/scope.ts';
import { mintHex } from '#test/factories.ts';

const digest = mintHex('corpus');
const COMMIT = 'c0ffee0'.padEnd(40, '0');
const REPOSITORY = 'https://github.com/port-example/corpus';
const BUILDER = `${REPOSITORY}/.github/workflows/release.yml@refs/tags/v1`;
const artifact: ArchivedArtifact = {
  id: 1,
  kind: 'dataset',
  name: 'corpus',
  aliases: [
    { scheme: 'sha256', value: digest, kind: 'oms-root' },
    { scheme: 'hf', value: `datasets/port/corpus@${'a'.repeat(40)}`, kind: 'repository' },
    { scheme: 'git', value: COMMIT, kind: 'commit' },
    { scheme: 'name', value: `git+${REPOSITORY}-2@refs/heads/main`, kind: 'name' },
  ],
  versions: [{ model: 'harbour-corpus', label: null, root: digest }],
  signedBy: [],
  deployments: [],
};
const signer = { san: 'release-bot@models.example', issuer: 'https://accounts.models.example' };
const signing: ProvenSigning = {
  signers: [signer],
  fingerprints: [mintHex('key'), mintHex('certificate')],
  signedAt: 1000,
  extensions: [{ oid: '', name: 'runner-environment', value: 'github-hosted', raw: '' }],
  facts: null,
  places: [{ origin: 'log.example', index: 7 }],
  unprovenPlace: null,
  digests: [],
};
const statement: ProvenSigning = {
  ...signing,
  signedAt: 5000,
  facts: {
    ...noFacts('slsa-provenance', 'v1'),
    builder: { value: BUILDER, at: 'predicate' },
    repository: { value: REPOSITORY, at: 'predicate' },
    commit: { value: 'd'.repeat(40), at: 'predicate' },
  },
};
const start: PathStart = {
  artifact,
  signatures: [signing],
  hasAllSignatures: true,
  statements: [statement],
  names: new Set(['signed-corpus', 'https://data.models.example/corpus']),
  input: { scheme: 'sha256', value: mintHex('stated') },
  same: new SameThings([]),
};
const nameOf = (is: Criterion, over: Partial<PathStart> = {}) =>
  nameStart(criteriaOf({ all: [{ any: [{ is }] }] }), { ...start, ...over });

describe('a criterion of a scope', () => {
  it.each<Criterion>([
    { kind: 'dataset', alias: `sha256:${digest}` },
    { kind: 'dataset', alias: digest.toUpperCase() },
    { kind: 'dataset', alias: 'signed-corpus' },
    { kind: 'base-model', alias: 'https://data.models.example/corpus' },
    { kind: 'dataset', alias: `sha256:${mintHex('stated')}` },
    { kind: 'file', digest },
    { kind: 'commit', commit: 'c0ffee0' },
    { kind: 'commit', commit: 'd'.repeat(12) },
    { kind: 'repository', repository: REPOSITORY },
    { kind: 'workflow', workflow: BUILDER },
    { kind: 'workflow', workflow: BUILDER.split('@', 1)[0] ?? '' },
    { kind: 'builder', builder: BUILDER },
    { kind: 'builder', builder: 'github-hosted' },
    { kind: 'identity', identity: signer.san },
    { kind: 'identity', identity: signer.san, issuer: signer.issuer },
    { kind: 'key', fingerprint: mintHex('key') },
    { kind: 'key', fingerprint: mintHex('certificate') },
    { kind: 'window', from: 1000, to: null },
    { kind: 'window', from: null, to: 1000 },
    { kind: 'log-range', origin: 'log.example', from: 7, to: 8 },
  ])('names what it names: %j', (is) => {
    expect(nameOf(is)).toEqual({ isNamed: true });
  });

  it.each<Criterion>([
    { kind: 'dataset', alias: `sha512:${digest}` },
    { kind: 'file', digest: mintHex('other') },
    { kind: 'commit', commit: 'c0ffe' },
    { kind: 'commit', commit: 'deadbee' },
    { kind: 'repository', repository: `${REPOSITORY}-3` },
    { kind: 'workflow', workflow: `${BUILDER}.1` },
    { kind: 'builder', builder: BUILDER.split('@', 1)[0] ?? '' },
    { kind: 'builder', builder: 'corpus' },
    { kind: 'identity', identity: 'Release-bot@models.example' },
    { kind: 'identity', identity: signer.san, issuer: 'https://accounts.elsewhere.example' },
    { kind: 'key', fingerprint: mintHex('other') },
    { kind: 'window', from: null, to: 999 },
    // A statement about it was made then, and it was signed before.
    { kind: 'window', from: 4000, to: 6000 },
    { kind: 'log-range', origin: 'log.example', from: 8, to: 9 },
    { kind: 'log-range', origin: 'other.example', from: 7, to: 8 },
  ])('names nothing else, which the archive shows: %j', (is) => {
    expect(nameOf(is)).toEqual({ isNamed: false, open: [] });
  });

  const open = (is: Criterion, over: Partial<PathStart> = {}) => {
    const naming = nameOf(is, over);
    return naming.isNamed ? 'named' : naming.open.join('; ');
  };

  it('by a name that nobody signed is the word of a registration or a source', () => {
    for (const alias of ['corpus', 'harbour-corpus', 'port/corpus', `port/corpus@${'a'.repeat(40)}`]) {
      expect(open({ kind: 'dataset', alias })).toBe(
        `nobody signed that it is called “${alias}”: only a registration or a source says so`,
      );
    }
    expect(open({ kind: 'dataset', alias: 'Corpus' })).toBe(
      'it may be called “Corpus” by statements that are not in the archive',
    );
    expect(open({ kind: 'repository', repository: `${REPOSITORY}-2` })).toContain('nobody signed that it is at git+');
  });

  it('of a time is open where not all signatures are exported, or none has a proven time', () => {
    const is = { kind: 'window', from: 2000, to: 3000 } as const;
    expect(open(is, { hasAllSignatures: false })).toContain('more signatures than are exported');
    const none = { signatures: [{ ...signing, signedAt: null }], statements: [] };
    expect(open(is, none)).toBe('no signature in the archive proves when it was signed');
    expect(open({ ...is, to: 6000 }, { ...none, statements: [statement] })).toBe('named');
  });

  it('of a place in a log is open where the proof was not kept', () => {
    const unproven = { ...signing, places: [], unprovenPlace: 'the entry or the proof of evt_1 was not kept' };
    const is = { kind: 'log-range', origin: 'log.example', from: 7, to: 8 } as const;
    expect(open(is, { signatures: [unproven], statements: [] })).toBe('the entry or the proof of evt_1 was not kept');
  });

  it('of a kind that a later version has is open, and not shown', () => {
    expect(nameStart([{ kind: 'weather', sky: 'blue' }], start)).toEqual({
      isNamed: false,
      open: ['criteria of the kind “weather” are not known here'],
    });
  });
});
