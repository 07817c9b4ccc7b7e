import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployments } from '#db/schema/deployment.ts';
import { missingForNext } from '#lib/provenance/ml-level/judge.ts';
import { summaryStatement } from '#lib/services/level/summary-statement.ts';
import { COMMIT, REPOSITORY } from '#test/unit/provenance/ml-level/mint.ts';
import {
  CONFIGURATION,
  DATA_MAKER,
  EVALUATOR,
  FORGE,
  type LevelScene,
  openLevelScene,
  provenanceOf,
  STRANGER,
  statementOf,
} from './scene.ts';

let scene: LevelScene;
let dataset: string;

beforeEach(() => {
  scene = openLevelScene();
  dataset = scene.signModel('quay', DATA_MAKER).root;
});
afterEach(() => scene.ctx.database.close());

/** A model that is signed, with its provenance beside it. */
function make(name: string, base: string | null = null): string {
  const { root } = scene.signModel(name);
  scene.deliver(scene.sign(provenanceOf({ name, root, dataset, base })));
  return root;
}

const missing = async (name: string) => missingForNext((await scene.level(name)).level).map(({ id }) => id);
const levels = async (name: string) => {
  const { level, slsaBuild, slsaSource } = (await scene.level(name)).level;
  return [level, slsaBuild.level, slsaSource.level];
};

const review = (signer = FORGE) =>
  scene.sign(
    statementOf('commit', { gitCommit: COMMIT }, 'https://slsa.dev/verification_summary/v1', {
      verifier: { id: 'https://forge.example/verifier' },
      resourceUri: `git+${REPOSITORY}`,
      timeVerified: '2026-03-01T12:00:00Z',
      policy: { uri: 'https://forge.example/policy' },
      verificationResult: 'PASSED',
      verifiedLevels: ['SLSA_SOURCE_LEVEL_4'],
    }),
    signer,
  );

const evaluation = (root: string, signer = EVALUATOR) =>
  scene.sign(
    statementOf('vision', { sha256: root }, 'https://in-toto.io/attestation/test-result/v0.1', {
      result: 'PASSED',
      configuration: [{ name: 'harness', uri: 'https://lab.example/harness', digest: { sha256: 'ee'.repeat(32) } }],
      passedTests: ['quay'],
    }),
    signer,
  );

describe('the level of a version', () => {
  it('is 1 until its files were checked by a program, then what its inputs are worth', async () => {
    make('vision-base');
    expect(await missing('vision-base')).toEqual(['2.14']);
    expect(await levels('vision-base')).toEqual([1, 3, null]);
    scene.check('vision-base', 'browser');
    expect(await missing('vision-base')).toEqual(['2.14']);
    scene.check('vision-base');
    expect(await levels('vision-base')).toEqual([3, 3, null]);
  });

  it('is 4 once its source was reviewed, others evaluated it, and the model it is made from reaches 2', async () => {
    const base = make('vision-base');
    const root = make('vision-fine', base);
    scene.check('vision-fine');
    expect(await missing('vision-fine')).toEqual(['4.1', '4.7', '4.8']);
    scene.take(review());
    scene.take(evaluation(root));
    expect(await missing('vision-fine')).toEqual(['4.8']);
    scene.check('vision-base');
    expect(await missing('vision-fine')).toEqual([]);
    expect(await levels('vision-fine')).toEqual([4, 3, 4]);
  });

  it('does not rise by what strangers sign', async () => {
    const { root } = scene.signModel('vision-bare');
    scene.deliver(scene.sign(provenanceOf({ name: 'vision-bare', root, dataset, base: null }), STRANGER));
    const { level } = await scene.level('vision-bare');
    expect([level.level, level.slsaBuild.level, level.statements, level.strangers]).toEqual([0, 0, 0, 1]);
    const base = make('vision-base');
    scene.check('vision-base');
    scene.take(review(STRANGER));
    scene.take(evaluation(base, STRANGER));
    expect(await levels('vision-base')).toEqual([3, 3, null]);
    expect(await missing('vision-base')).toEqual(['4.1', '4.7']);
  });

  it('is 1 at the most where nobody in particular is expected, and only the first signer has a say', async () => {
    scene.configure(CONFIGURATION.replace('glob: vision-*', 'exact: nothing'));
    make('vision-free');
    scene.check('vision-free');
    expect(await levels('vision-free')).toEqual([1, 3, null]);
    expect(await missing('vision-free')).toEqual(['2.4', '2.11']);
    const { root } = scene.signModel('vision-free', STRANGER);
    scene.take(scene.sign(provenanceOf({ name: 'vision-free', root, dataset, base: null }), STRANGER));
    expect((await scene.level('vision-free')).level).toMatchObject({ statements: 1, strangers: 1 });
  });

  it('is 1 at the most without an accepted builder, and changes with the configuration at once', async () => {
    make('vision-base');
    scene.check('vision-base');
    const [before = ''] = CONFIGURATION.split('builders:');
    scene.configure(before);
    expect(await levels('vision-base')).toEqual([1, 1, null]);
    expect(await missing('vision-base')).toEqual(['2.6']);
    scene.configure(CONFIGURATION);
    expect(await levels('vision-base')).toEqual([3, 3, null]);
  });

  it('does not count a directory of bundles as a place beside the model', async () => {
    const { root } = scene.signModel('vision-base');
    scene.deliver(scene.sign(provenanceOf({ name: 'vision-base', root, dataset, base: null })), 'directory');
    scene.check('vision-base');
    expect(await missing('vision-base')).toEqual(['2.13']);
  });

  it('does not count a check that came after the deployment', async () => {
    make('vision-base');
    const { detail } = await scene.level('vision-base');
    const row = { environment: 'production', service: 'chat', given: 'x', source: 'ci', confirmedAt: 1, startedAt: 1 };
    scene.ctx.database.db
      .insert(deployments)
      .values({ ...row, id: 'dep_1', artifactId: detail.artifact?.id ?? 0 })
      .run();
    scene.check('vision-base');
    expect(await missing('vision-base')).toEqual(['2.14']);
  });

  it('is not that of a subject which only its statement calls these files', async () => {
    const { root } = scene.signModel('vision-base');
    const other = scene.signModel('vision-other').root;
    scene.deliver(scene.sign(provenanceOf({ name: 'vision-base', root: other, dataset, base: null })));
    expect(root).not.toBe(other);
    expect(await levels('vision-base')).toEqual([0, 0, null]);
    expect((await levels('vision-other'))[0]).toBe(1);
  });
});

describe('the summary of a level', () => {
  const verifier = 'https://modeltrail.models.example';

  it('names the highest level of each track, the models upstream, and what was looked at', async () => {
    const base = make('vision-base');
    scene.check('vision-base');
    make('vision-fine', base);
    scene.check('vision-fine');
    const named = await scene.level('vision-fine');
    const request = { verifier, required: 2, now: scene.ctx.now() } as const;
    const statement = summaryStatement(scene.ctx.database, named, request);
    expect(statement).toMatchObject({
      subject: [{ name: 'vision-fine', digest: { sha256: named.detail.version.root } }],
      predicate: {
        verifier: { id: verifier },
        verificationResult: 'PASSED',
        verifiedLevels: ['MODELTRAIL_ML_LEVEL_3', 'SLSA_BUILD_LEVEL_3'],
        dependencyLevels: { MODELTRAIL_ML_LEVEL_3: 1 },
      },
    });
    const inputs = statement.predicate.inputAttestations as { digest: { sha256: string } }[];
    expect(inputs.map(({ digest }) => digest.sha256)).toHaveLength(2);
    const failed = summaryStatement(scene.ctx.database, named, { ...request, required: 4 });
    expect(failed.predicate).toMatchObject({ verificationResult: 'FAILED', verifiedLevels: ['FAILED'] });
  });
});
