import { describe, expect, it } from 'vitest';
import { compilePolicies } from '#lib/provenance/expected-signer.ts';
import { MINT_TIME, mintHex } from '#test/factories.ts';
import { openContext } from '#test/support/context.ts';
import {
  artifact,
  attest,
  DAY,
  declare,
  input,
  linksOf,
  observe,
  onlyLink,
  RELEASE,
  rootOf,
  STRANGER,
  signModel,
} from './mint-graph.ts';

const TRAINER = { san: 'https://ci.models.example/train@refs/tags/v1', issuer: 'https://ci.models.example' };

const POLICIES = compilePolicies([
  {
    name: 'northwind',
    models: { glob: 'northwind-*' },
    signers: [{ identity: { exact: RELEASE.san } }],
    attesters: [],
    requireProvenance: false,
  },
]);

describe('a link', () => {
  it('is verified where the child’s own signer names a digest of something that is signed itself', () => {
    const ctx = openContext();
    const base = signModel(ctx, 'base');
    signModel(ctx, 'tuned');
    const { artifactId } = attest(ctx, 'tuned', [input('base-model', { of: 'base' })]);
    expect(onlyLink(ctx, artifactId)).toMatchObject({ parentId: base, state: 'verified' });
    expect(artifact(ctx, artifactId)).toMatchObject({ weakest: 'verified', inputs: 1, pinnedInputs: 1 });
  });

  it('is verified by a late signature too, and says how late it came', () => {
    const ctx = openContext();
    signModel(ctx, 'tuned');
    const { artifactId } = attest(ctx, 'tuned', [input('base-model', { of: 'base' })]);
    expect(onlyLink(ctx, artifactId)).toMatchObject({ state: 'parent-unknown' });
    signModel(ctx, 'base', { at: MINT_TIME + 3 * DAY });
    expect(onlyLink(ctx, artifactId)).toMatchObject({ state: 'verified' });
    expect(onlyLink(ctx, artifactId).reason).toContain('its signature came 3 days after the statement that names it');
  });

  it('is verified by a key that the operator trusts, and says that no log holds that', () => {
    const ctx = openContext();
    const base = signModel(ctx, 'base', { method: 'key', at: null });
    signModel(ctx, 'tuned');
    const { artifactId } = attest(ctx, 'tuned', [input('base-model', { of: 'base' })]);
    expect(artifact(ctx, base)).toMatchObject({ signature: 'unlogged', signedAt: null });
    expect(onlyLink(ctx, artifactId)).toMatchObject({ state: 'verified' });
    expect(onlyLink(ctx, artifactId).reason).toContain('in no log');
  });

  it('is a break where the parent was seen but signed by nobody', () => {
    const ctx = openContext();
    observe(ctx, 'base');
    signModel(ctx, 'tuned');
    const { artifactId } = attest(ctx, 'tuned', [input('component', { of: 'base' })]);
    expect(onlyLink(ctx, artifactId)).toMatchObject({
      state: 'parent-unsigned',
      reason: 'base, a component, is signed by nobody.',
    });
  });

  it('is a break where the parent is signed by somebody who should not, and says by whom', () => {
    const ctx = openContext();
    signModel(ctx, 'northwind-base', { by: STRANGER, policies: POLICIES });
    signModel(ctx, 'northwind-tuned', { policies: POLICIES });
    const inputs = [input('base-model', { of: 'northwind-base' })];
    const { artifactId } = attest(ctx, 'northwind-tuned', inputs, { policies: POLICIES });
    expect(onlyLink(ctx, artifactId)).toMatchObject({ state: 'parent-unsigned' });
    expect(onlyLink(ctx, artifactId).reason).toContain(STRANGER.san);
  });

  it('is unknown where nothing with the digest was ever seen', () => {
    const ctx = openContext();
    signModel(ctx, 'tuned');
    const { artifactId } = attest(ctx, 'tuned', [input('dataset', { of: 'corpus' })]);
    expect(onlyLink(ctx, artifactId)).toMatchObject({ state: 'parent-unknown' });
  });

  it('is declared where it is a name alone, whoever signed it', () => {
    const ctx = openContext();
    signModel(ctx, 'tuned');
    const { artifactId } = attest(ctx, 'tuned', [input('base-model', { name: 'base' })]);
    expect(onlyLink(ctx, artifactId)).toMatchObject({ state: 'declared' });
    expect(artifact(ctx, artifactId)).toMatchObject({ inputs: 1, pinnedInputs: 0 });
  });

  it('is verified for data sets that their own Croissant statement signs', () => {
    const ctx = openContext();
    attest(ctx, 'corpus', [], { facts: { kind: 'croissant' }, by: STRANGER });
    signModel(ctx, 'tuned');
    const { artifactId } = attest(ctx, 'tuned', [input('dataset', { of: 'corpus' })]);
    expect(onlyLink(ctx, artifactId)).toMatchObject({ state: 'verified' });
  });
});

describe('the word of an outsider', () => {
  it('is a claim only, and does not weaken the chain of the model it is about', () => {
    const ctx = openContext();
    signModel(ctx, 'base');
    const victim = signModel(ctx, 'victim');
    attest(ctx, 'victim', [input('base-model', { of: 'base' })]);
    attest(ctx, 'victim', [input('dataset', { of: 'poison' })], { by: STRANGER });
    const [own, claimed] = linksOf(ctx, victim);
    expect(own).toMatchObject({ state: 'verified' });
    expect(claimed).toMatchObject({ state: 'declared' });
    expect(claimed?.reason).toContain(STRANGER.san);
    expect(artifact(ctx, victim)).toMatchObject({ weakest: 'verified', inputs: 1 });
  });

  it('is no part of the verdict even where nobody else has spoken', () => {
    const ctx = openContext();
    signModel(ctx, 'base');
    const victim = signModel(ctx, 'victim');
    attest(ctx, 'victim', [input('base-model', { of: 'base' })], { by: STRANGER });
    expect(onlyLink(ctx, victim)).toMatchObject({ state: 'declared' });
    expect(artifact(ctx, victim)).toMatchObject({ weakest: null, inputs: 0 });
  });

  it('closes no loop over the links of others', () => {
    const ctx = openContext();
    const base = signModel(ctx, 'base');
    const tuned = signModel(ctx, 'tuned');
    attest(ctx, 'tuned', [input('base-model', { of: 'base' })]);
    attest(ctx, 'base', [input('base-model', { of: 'tuned' })], { by: STRANGER });
    expect(onlyLink(ctx, tuned)).toMatchObject({ state: 'verified' });
    expect(artifact(ctx, tuned)).toMatchObject({ weakest: 'verified' });
    expect(onlyLink(ctx, base)).toMatchObject({ state: 'declared' });
  });

  it('counts once a policy names them as signers, and no more once it does not', () => {
    const ctx = openContext();
    signModel(ctx, 'northwind-base', { policies: POLICIES });
    const victim = signModel(ctx, 'northwind-tuned', { by: STRANGER, policies: POLICIES });
    expect(artifact(ctx, victim)).toMatchObject({ signature: 'unexpected' });
    attest(ctx, 'northwind-tuned', [input('base-model', { of: 'northwind-base' })], {
      by: STRANGER,
      policies: POLICIES,
    });
    expect(onlyLink(ctx, victim)).toMatchObject({ state: 'declared' });
  });
});

describe('who has a say', () => {
  it('are workflows whatever tag they ran on', () => {
    const ctx = openContext();
    signModel(ctx, 'base');
    const tuned = signModel(ctx, 'tuned', { by: TRAINER });
    const later = { ...TRAINER, san: TRAINER.san.replace('v1', 'v2') };
    attest(ctx, 'tuned', [input('base-model', { of: 'base' })], { by: later });
    expect(onlyLink(ctx, tuned)).toMatchObject({ state: 'verified' });
  });

  it('are not the same address at another issuer', () => {
    const ctx = openContext();
    signModel(ctx, 'base');
    const tuned = signModel(ctx, 'tuned');
    attest(ctx, 'tuned', [input('base-model', { of: 'base' })], { by: { ...RELEASE, issuer: STRANGER.issuer } });
    expect(onlyLink(ctx, tuned)).toMatchObject({ state: 'declared' });
  });

  it('are identities that a watch rule names as one’s own', () => {
    const ctx = openContext();
    signModel(ctx, 'base');
    const tuned = signModel(ctx, 'tuned');
    attest(ctx, 'tuned', [input('base-model', { of: 'base' })], { by: TRAINER, own: true });
    expect(onlyLink(ctx, tuned)).toMatchObject({ state: 'verified' });
  });

  it('do not come from a name that somebody chose to escape the policy', () => {
    const ctx = openContext();
    const root = rootOf('northwind-base');
    const id = signModel(ctx, 'northwind-base', { policies: POLICIES, at: MINT_TIME });
    signModel(ctx, 'unruled', { root, by: STRANGER, policies: POLICIES });
    attest(ctx, 'northwind-base', [input('dataset', { of: 'poison' })], { by: STRANGER, policies: POLICIES });
    expect(onlyLink(ctx, id)).toMatchObject({ state: 'declared' });
    expect(artifact(ctx, id).signatureReason).toContain(RELEASE.san);
  });
});

describe('a contradiction', () => {
  it('are digests of two different things', () => {
    const ctx = openContext();
    signModel(ctx, 'one');
    signModel(ctx, 'two', { aliases: [{ scheme: 'sha512', value: mintHex('a').repeat(2), kind: 'file' }] });
    const tuned = signModel(ctx, 'tuned');
    const digests = [
      { algorithm: 'sha256', digest: rootOf('one') },
      { algorithm: 'sha512', digest: mintHex('a').repeat(2) },
    ];
    attest(ctx, 'tuned', [input('base-model', { name: 'base', digests })]);
    expect(onlyLink(ctx, tuned)).toMatchObject({ state: 'conflict' });
  });

  it('shows itself when the second of the two things turns up later', () => {
    const ctx = openContext();
    signModel(ctx, 'one');
    const tuned = signModel(ctx, 'tuned');
    const sha512 = mintHex('a').repeat(2);
    const digests = [
      { algorithm: 'sha512', digest: sha512 },
      { algorithm: 'sha256', digest: rootOf('one') },
    ];
    attest(ctx, 'tuned', [input('base-model', { name: 'base', digests })]);
    expect(onlyLink(ctx, tuned)).toMatchObject({ state: 'verified' });
    signModel(ctx, 'two', { aliases: [{ scheme: 'sha512', value: sha512, kind: 'file' }] });
    expect(onlyLink(ctx, tuned)).toMatchObject({ state: 'conflict' });
    expect(artifact(ctx, tuned)).toMatchObject({ weakest: 'conflict' });
  });

  it('is a declared base that is not the signed one', () => {
    const ctx = openContext();
    signModel(ctx, 'base');
    const tuned = signModel(ctx, 'tuned');
    attest(ctx, 'tuned', [input('base-model', { of: 'base' })]);
    declare(ctx, tuned, [input('base-model', { name: 'somewhere/other' })]);
    expect(linksOf(ctx, tuned).map(({ state }) => state)).toEqual(['verified', 'conflict']);
    expect(linksOf(ctx, tuned)[1]?.reason).toContain('the signed provenance names base');
  });

  it('is none where the declared name is that of the signed base: it is one more statement of the same link', () => {
    const ctx = openContext();
    const base = signModel(ctx, 'acme/Base-7B');
    const tuned = signModel(ctx, 'tuned');
    declare(ctx, tuned, [input('base-model', { name: 'someone/base-7b' })]);
    expect(artifact(ctx, tuned)).toMatchObject({ weakest: 'declared' });
    attest(ctx, 'tuned', [input('base-model', { of: 'acme/Base-7B', name: 'base-model' })]);
    expect(linksOf(ctx, tuned).map(({ parentId, state }) => [parentId, state])).toEqual([
      [base, 'declared'],
      [base, 'verified'],
    ]);
    expect(artifact(ctx, tuned)).toMatchObject({ weakest: 'verified', inputs: 1 });
  });

  it('is a parent that was made after it was named as an input', () => {
    const ctx = openContext();
    signModel(ctx, 'base', { at: MINT_TIME + DAY });
    const tuned = signModel(ctx, 'tuned');
    attest(ctx, 'tuned', [input('base-model', { of: 'base' })]);
    expect(onlyLink(ctx, tuned)).toMatchObject({ state: 'verified' });
    const facts = { finishedAt: { time: MINT_TIME + DAY, at: 'runDetails.metadata.finishedOn' } };
    attest(ctx, 'base', [], { facts, at: MINT_TIME + DAY });
    expect(onlyLink(ctx, tuned)).toMatchObject({ state: 'conflict' });
  });

  it('is not made by an outsider who says that the parent came later', () => {
    const ctx = openContext();
    signModel(ctx, 'base');
    const tuned = signModel(ctx, 'tuned');
    attest(ctx, 'tuned', [input('base-model', { of: 'base' })]);
    const facts = { finishedAt: { time: MINT_TIME + DAY, at: 'runDetails.metadata.finishedOn' } };
    attest(ctx, 'base', [], { facts, by: STRANGER, at: MINT_TIME + DAY });
    expect(onlyLink(ctx, tuned)).toMatchObject({ state: 'verified' });
  });

  it('is a loop, on each of its links, until it is open again', () => {
    const ctx = openContext();
    const ids = ['a', 'b', 'c'].map((name) => signModel(ctx, name));
    attest(ctx, 'a', [input('base-model', { of: 'b' })]);
    attest(ctx, 'b', [input('base-model', { of: 'c' })]);
    expect(ids.map((id) => artifact(ctx, id).weakest)).toEqual(['verified', 'verified', null]);
    declare(ctx, ids[2] ?? 0, []);
    attest(ctx, 'c', [input('base-model', { of: 'a' })]);
    expect(ids.map((id) => onlyLink(ctx, id).state)).toEqual(['conflict', 'conflict', 'conflict']);
    expect(onlyLink(ctx, ids[0] ?? 0).reason).toContain('leads back to itself');
  });
});

describe('links to code', () => {
  const commit = 'c0ffee12'.repeat(5);
  const code = (digest: string, uri = 'git+https://github.com/northwind/train@refs/heads/main') =>
    input('code', { name: 'train', uri, digests: [{ algorithm: 'gitCommit', digest }] });
  const certificate = {
    'source-repository-digest': commit,
    'source-repository-uri': 'https://github.com/northwind/train',
  };
  it.each([
    ['verified', 'the certificate names the same commit', code(commit)],
    ['conflict', 'it names another commit of the same repository', code('ab'.repeat(20))],
    ['parent-unknown', 'it is of another repository', code(commit, 'https://github.com/other/train')],
  ])('are %s where %s', (state, _, stated) => {
    const ctx = openContext();
    const tuned = signModel(ctx, 'tuned');
    attest(ctx, 'tuned', [stated], { certificate });
    expect(onlyLink(ctx, tuned)).toMatchObject({ state });
  });

  it('are unknown without such a certificate, for a commit is not signed by itself', () => {
    const ctx = openContext();
    const tuned = signModel(ctx, 'tuned');
    attest(ctx, 'tuned', [code(commit)]);
    expect(onlyLink(ctx, tuned)).toMatchObject({ state: 'parent-unknown' });
    expect(onlyLink(ctx, tuned).reason).toContain('A commit is not signed by itself');
  });
});
