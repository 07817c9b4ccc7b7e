import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishBundles, writeDemoConfig } from '#test/demo/stage.ts';
import { dumpFacts, isCaughtUp } from '#test/support/database-dump.ts';
import { endProcess, startJobs, temporaryFolder, until } from '#test/support/product.ts';
import { bundleFileCount } from '#test/support/story.ts';
import { StoryLogServer } from '#test/support/story-log.ts';

/** How often a process is killed while it tails the story. */
const KILLS = 50;

interface Stage {
  readonly config: string;
  readonly database: string;
  readonly story: StoryLogServer;
  close(): Promise<void>;
}

async function openStage(): Promise<Stage> {
  const folder = temporaryFolder();
  const story = await StoryLogServer.open();
  const config = writeDemoConfig(folder.path, story, 0, { poll: '100ms', hub: false });
  publishBundles(folder.path, story);
  // Each look at a log finds it grown, as if much time had passed; what was published by then lies in the directory.
  story.fault = ({ origin, resource }, honest) => {
    if (resource !== 'checkpoint') return undefined;
    story.grow(origin);
    publishBundles(folder.path, story);
    return honest;
  };
  const close = async () => {
    await story.close();
    folder.remove();
  };
  return { config, database: `${folder.path}/data/modeltrail.db`, story, close };
}

const isRead = ({ database, story }: Stage) =>
  isCaughtUp(
    database,
    Object.fromEntries(story.facts.logs.map(({ origin, size }) => [origin, size])),
    bundleFileCount(story.facts),
  );

describe('the story, tailed by the jobs', () => {
  let stage: Stage;
  let undisturbed: ReturnType<typeof dumpFacts>;

  beforeAll(async () => {
    stage = await openStage();
    const jobs = startJobs(stage.config);
    await until(() => isRead(stage), 'the story was read');
    expect(await endProcess(jobs, 'SIGTERM')).toBe(0);
    undisturbed = dumpFacts(stage.database);
  });
  afterAll(() => stage.close());

  it('comes to the figures that the fixture holds', () => {
    const { facts } = stage.story;
    expect(undisturbed.events).toHaveLength(facts.counts.events);
    const count = (key: 'authenticity' | 'claim') =>
      Object.fromEntries(
        [...Map.groupBy(undisturbed.events, (event) => event[key])].map(([value, { length }]) => [value, length]),
      );
    expect(count('authenticity')).toEqual(facts.counts.byAuthenticity);
    expect(count('claim')).toEqual(facts.counts.byClaim);
    expect(undisturbed.bundles.filter(({ state }) => state === 'verified')).toHaveLength(
      facts.counts.bundlesVerified + facts.counts.bundlesUnlogged,
    );
    expect(
      undisturbed.files.filter(({ outcome }) => outcome === 'refused').map(({ path }) => `bundles/${path}`),
    ).toEqual(facts.broken.map(({ path }) => path).sort());
    expect(undisturbed.versions).toHaveLength(facts.counts.versionsSigned);
    expect(undisturbed.logs.map(({ origin, verified }) => [origin, verified])).toEqual(
      facts.logs.map(({ origin, size }) => [origin, size]),
    );
  });

  it('settles each chain as the story tells it', () => {
    for (const { model, version, omsRoot, verdicts } of stage.story.facts.models) {
      const artifact = undisturbed.artifacts.find(({ aliases }) => aliases.includes(`sha256:${omsRoot}`));
      expect(artifact, `${model} ${version}`).toMatchObject(verdicts.wave2);
    }
  });

  it('judges each entry as the story tells it', () => {
    const expected = stage.story.facts.entries.filter(({ rule, bundle }) => rule !== null || bundle !== null);
    for (const entry of expected) {
      const event = undisturbed.events.find(({ origin, index }) => origin === entry.log && index === entry.logIndex);
      expect(event, entry.id).toMatchObject({
        leafHash: entry.leafHash,
        authenticity: entry.expectedAuthenticity,
        claim: entry.expectedClaim,
        seenBy: 'tail',
        rules: entry.rule === null ? [] : expect.arrayContaining([entry.rule]),
        bundles: entry.bundle === null ? 0 : 1,
      });
    }
  });

  it(`ends the same after kill -9 at ${KILLS} points: nothing lost, nothing doubled`, {
    timeout: 400_000,
  }, async () => {
    let kills = 0;
    while (kills < KILLS) {
      const torn = await openStage();
      try {
        kills += await tailTorn(torn, KILLS - kills);
        expect(dumpFacts(torn.database)).toEqual(undisturbed);
      } finally {
        await torn.close();
      }
    }
    expect(kills).toBeGreaterThanOrEqual(KILLS);
  });
});

/** Tails a stage to its end, killing the process again and again, at most `most` times. Returns how often. */
async function tailTorn(stage: Stage, most: number): Promise<number> {
  let kills = 0;
  for (;;) {
    const jobs = startJobs(stage.config);
    const asked = stage.story.asked.length;
    // From the first request of this process on, anywhere in the next few dozen: between, in and after transactions.
    const point = asked + 1 + Math.floor(Math.random() * 30);
    const isDone = () => isRead(stage);
    await until(() => stage.story.asked.length >= point || isDone(), 'the process had worked a little');
    if (kills < most && !isDone()) {
      await endProcess(jobs, 'SIGKILL');
      kills++;
      continue;
    }
    await until(isDone, 'the story was read after all');
    await endProcess(jobs, 'SIGTERM');
    return kills;
  }
}
