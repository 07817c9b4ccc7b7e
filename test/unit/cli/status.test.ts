import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '#lib/config/load.ts';
import { recordConfigInForce, recordConfigRefused } from '#lib/services/config/record-state.ts';
import { LEASE_MS, leaseHolder, takeLease } from '#lib/services/job/lease.ts';
import { openStoryStage, type StoryStage } from '#test/support/story-stage.ts';
import { runCli } from './run-cli.ts';

let stage: StoryStage;

beforeAll(async () => {
  stage = await openStoryStage();
  await stage.round();
}, 60_000);
afterAll(() => stage.close());

async function statusOf(...args: string[]) {
  const run = await runCli(['status', '--json', ...args]);
  return { ...run, report: run.stdout === '' ? null : JSON.parse(run.stdout) };
}

/** As if the jobs had just renewed their lease, with time to spare for the process that looks. */
function pretendRunning(): void {
  takeLease({ ...stage.ctx, now: () => Date.now() + 10 * LEASE_MS }, 'jobs', leaseHolder());
}

describe('status', { timeout: 60_000 }, () => {
  it('tells what the story comes to, and that the jobs do not run', async () => {
    const { code, report } = await statusOf('--config', stage.config);
    expect(code).toBe(1);
    expect(report.problems).toEqual(['The jobs do not run: nothing new is seen.']);
    expect(
      report.logs.map(({ origin, word, verifiedSize, observedSize, backlog, coverage, openFaults }: never) => {
        return { origin, word, verifiedSize, observedSize, backlog, coverage, openFaults };
      }),
    ).toEqual(
      stage.story.facts.logs.map(({ origin, size }) => ({
        origin,
        word: 'Up to date',
        verifiedSize: size,
        observedSize: size,
        backlog: 0,
        coverage: [{ startIndex: 0, endIndex: size, verifiedAt: expect.any(Number) }],
        openFaults: [],
      })),
    );
    const { counts } = stage.story.facts;
    expect(report.counts).toMatchObject({
      events: counts.events,
      byClaim: counts.byClaim,
      byAuthenticity: counts.byAuthenticity,
      models: counts.modelsSigned,
      versions: counts.versionsSigned,
    });
    expect(report.bundles).toMatchObject({
      accepted: counts.bundlesVerified + counts.bundlesUnlogged,
      refused: counts.bundlesRefused,
    });
    expect(report.bundles.refusedFiles.map(({ path }: { path: string }) => `bundles/${path}`).sort()).toEqual(
      stage.story.facts.broken.map(({ path }) => path).sort(),
    );
  });

  it('exits 0 and prints the same for people once the jobs run', async () => {
    pretendRunning();
    const { code, stdout } = await runCli(['status', '--database', stage.databasePath]);
    expect(code).toBe(0);
    expect(stdout).not.toContain('Needs attention');
    expect(stdout).toContain('rekor2.localhost: Up to date');
    expect(stdout).toMatch(/Verified +2,252 of 2,252 observed/);
    expect(stdout).toMatch(/Coverage +0 to 2,251/);
    const { byClaim, byAuthenticity, bundlesVerified, bundlesUnlogged, bundlesRefused } = stage.story.facts.counts;
    const claims = `${byClaim.model} model, ${byClaim.other} other, 0 probable, ${byClaim.unclaimed} unclaimed`;
    expect(stdout).toMatch(new RegExp(`by claim +${claims}`));
    const { verified, impersonation, unverifiable } = byAuthenticity;
    const authenticity = `${verified} verified, ${impersonation} impersonation, ${unverifiable} unverifiable`;
    expect(stdout).toMatch(new RegExp(`by authenticity +${authenticity}`));
    const files = `${bundlesVerified + bundlesUnlogged} accepted, ${bundlesRefused} refused`;
    expect(stdout).toMatch(new RegExp(`Bundle files +${files}`));
    expect(stdout).toMatch(/refused +published bundles: broken\/cut-short\.sigstore\.json: not-json: /);
  });

  it('names a refused configuration, and exits 1', async () => {
    pretendRunning();
    recordConfigRefused(stage.ctx, 'modeltrail.yaml:3:1 wach: is not known. Mend: Write watch.');
    const { code, report } = await statusOf('--database', stage.databasePath);
    expect(code).toBe(1);
    expect(report.problems).toEqual(['A changed configuration is refused; the one before stays in force.']);
    expect(report.configuration.refused.message).toContain('modeltrail.yaml:3:1');
    const { path, config } = loadConfig(stage.config);
    recordConfigInForce(stage.ctx, path, config);
  });

  it('names a log that fails, with the fault that is open', async () => {
    pretendRunning();
    stage.story.fault = ({ origin, resource }, honest) =>
      origin === 'rekor2b.localhost' && resource === 'checkpoint'
        ? { ...honest, body: Buffer.from('no note\n') }
        : undefined;
    await stage.round();
    const { code, report } = await statusOf('--database', stage.databasePath);
    expect(code).toBe(1);
    expect(report.problems).toEqual([expect.stringMatching(/^rekor2b\.localhost: Failing\./)]);
    const log = report.logs.find(({ origin }: { origin: string }) => origin === 'rekor2b.localhost');
    expect(log.openFaults).toMatchObject([{ code: 'malformed-note', severity: 'failure', count: 1 }]);
    stage.story.fault = () => undefined;
    await stage.round();
    expect((await statusOf('--database', stage.databasePath)).code).toBe(0);
  });

  it('exits 2 where there is no database, and makes none', async () => {
    const path = join(stage.folder, 'elsewhere/modeltrail.db');
    for (const _ of [1, 2]) {
      const { code, stderr } = await statusOf('--database', path);
      expect(code).toBe(2);
      expect(stderr).toContain('There is no database');
    }
  });

  it('exits 2 for a file that is no database', async () => {
    const { code, stderr } = await statusOf('--database', stage.config);
    expect(code).toBe(2);
    expect(stderr).toContain('cannot be opened as a database');
  });
});
