import { describe, expect, it } from 'vitest';
import type { ArchivedArtifact, ArchivedBundle, ArchivedEvent } from '#lib/incident-archive/documents.ts';
import { SameThings } from '#lib/incident-archive/same-things.ts';
import { criteriaOf, isDecidable, isInScope } from '#lib/incident-archive/scope-match.ts';
import type { Criterion } from '#lib/provenance/scope.ts';
import { mintHex } from '#test/factories.ts';

const digest = mintHex('corpus');
const artifact: ArchivedArtifact = {
  id: 1,
  kind: 'dataset',
  name: 'corpus',
  aliases: [
    { scheme: 'sha256', value: digest, kind: 'oms-root' },
    { scheme: 'hf', value: `datasets/port/corpus@${'a'.repeat(40)}`, kind: 'repository' },
    { scheme: 'git', value: 'c0ffee0'.padEnd(40, '0'), kind: 'commit' },
  ],
  versions: [{ model: 'harbour-corpus', label: null, root: digest }],
  signedBy: [],
  deployments: [],
};
const signer = { san: 'release-bot@models.example', issuer: 'https://accounts.models.example' };
const bundle = { signer, keySha256: mintHex('key'), signedAt: 1000 } as ArchivedBundle;
const event = {
  signer,
  publicKeySha256: null,
  signedAt: 1000,
  log: { origin: 'log.example', api: 'rekor-v2', index: 7 },
} as ArchivedEvent;
const start = { artifact, bundles: [bundle], events: [event], same: new SameThings([]) };
const meets = (is: Criterion) => isInScope(criteriaOf({ all: [{ any: [{ is }] }] }), start);

describe('a criterion of a scope', () => {
  it.each<Criterion>([
    { kind: 'dataset', alias: `sha256:${digest}` },
    { kind: 'dataset', alias: digest.toUpperCase() },
    { kind: 'dataset', alias: 'corpus' },
    { kind: 'dataset', alias: 'port/corpus' },
    { kind: 'dataset', alias: `port/corpus@${'a'.repeat(40)}` },
    { kind: 'base-model', alias: 'harbour-corpus' },
    { kind: 'file', digest },
    { kind: 'commit', commit: 'c0ffee0' },
    { kind: 'identity', identity: signer.san },
    { kind: 'identity', identity: signer.san, issuer: signer.issuer },
    { kind: 'key', fingerprint: mintHex('key') },
    { kind: 'window', from: 1000, to: null },
    { kind: 'log-range', origin: 'log.example', from: 7, to: 8 },
  ])('names what it names: %j', (is) => {
    expect(meets(is)).toBe(true);
  });

  it.each<Criterion>([
    { kind: 'dataset', alias: `sha512:${digest}` },
    { kind: 'dataset', alias: `${digest}0` },
    { kind: 'dataset', alias: 'Corpus' },
    { kind: 'dataset', alias: 'port/corpus-2' },
    { kind: 'file', digest: mintHex('other') },
    { kind: 'commit', commit: 'c0ffe' },
    { kind: 'commit', commit: 'deadbee' },
    { kind: 'identity', identity: 'Release-bot@models.example' },
    { kind: 'identity', identity: signer.san, issuer: 'https://accounts.elsewhere.example' },
    { kind: 'key', fingerprint: mintHex('other') },
    { kind: 'window', from: null, to: 1000 },
    { kind: 'log-range', origin: 'log.example', from: 8, to: 9 },
    { kind: 'log-range', origin: 'other.example', from: 7, to: 8 },
    { kind: 'builder', builder: 'corpus' },
  ])('names nothing else: %j', (is) => {
    expect(meets(is)).toBe(false);
  });

  it('is decided by an archive only where it has all that it takes', () => {
    expect(isDecidable({ kind: 'dataset', alias: `sha256:${digest}` })).toBe(true);
    expect(isDecidable({ kind: 'dataset', alias: 'corpus' })).toBe(false);
    expect(isDecidable({ kind: 'identity', identity: 'a' })).toBe(true);
    expect(isDecidable({ kind: 'window', from: 1, to: 2 })).toBe(false);
    expect(isDecidable({ kind: 'builder', builder: 'a' })).toBe(false);
  });
});
