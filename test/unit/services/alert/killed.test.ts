import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openDatabase } from '#db/client.ts';
import { raiseAlerts, tellRaised } from '#lib/services/alert/raise-all.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { mintFault } from '#test/factories.ts';
import { Killed, killAfter } from '#test/support/killed-database.ts';
import { factsOf, MINUTE, mintFinding, OWN, openAlertScene, ROUTED } from './scene.ts';

const folder = mkdtempSync(join(tmpdir(), 'modeltrail-killed-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A database with something of each kind to raise, closed. */
async function openBase() {
  const path = join(folder, 'base.db');
  const routes = [...(ROUTED.routes ?? []), { name: 'later', channels: ['hooks'], digest: 'daily' as const }];
  const scene = openAlertScene({ path, alerts: { ...ROUTED, routes } });
  const { ctx } = scene;
  for (let i = 0; i < 3; i++) scene.event();
  for (let i = 0; i < 3; i++) scene.event({ authenticity: 'impersonation' });
  scene.event({ san: 'release-b\u043et@models.example', rules: [{ ...OWN, how: 'look-alike', own: false }] });
  for (let i = 0; i < 3; i++) mintFinding(ctx, `fnd_${i}`);
  mintFault(ctx.database, scene.log, { severity: 'misbehaviour', code: 'inconsistent' });
  ctx.tick(30 * MINUTE);
  ctx.database.sqlite.pragma('wal_checkpoint(TRUNCATE)');
  ctx.database.close();
  return { path, ctx };
}

async function round(ctx: ServiceContext): Promise<void> {
  await raiseAlerts(ctx);
  await tellRaised(ctx);
}

describe('a process that raises alerts', () => {
  it('raises and tells of each once, wherever it is killed', { timeout: 120_000 }, async () => {
    const { path, ctx } = await openBase();
    const lived = join(folder, 'lived.db');
    copyFileSync(path, lived);
    const undisturbed = { ...ctx, database: openDatabase(lived) };
    const life = killAfter(undisturbed.database.sqlite, Number.POSITIVE_INFINITY);
    await round(undisturbed);
    const steps = life.ran;
    const expected = factsOf({ ...ctx, database: undisturbed.database });
    undisturbed.database.close();
    expect(expected.alerts.map(({ kind }) => kind).sort()).toEqual(
      [
        ...Array(3).fill('broken-link'),
        'impersonation',
        'log-misbehaviour',
        'look-alike',
        ...Array(3).fill('unclaimed-signing'),
      ].sort(),
    );
    expect(expected.alerts.find(({ kind }) => kind === 'impersonation')?.count).toBe(3);
    expect(steps).toBeGreaterThan(100);

    let kills = 0;
    for (let step = 0; step < steps; step++) {
      const torn = join(folder, `torn-${step}.db`);
      copyFileSync(path, torn);
      const first = { ...ctx, database: openDatabase(torn) };
      killAfter(first.database.sqlite, step);
      await round(first).catch((error: unknown) => {
        expect((error as Error).cause ?? error).toBeInstanceOf(Killed);
        kills++;
      });
      first.database.close();
      const second = { ...ctx, database: openDatabase(torn) };
      await round(second);
      await round(second);
      expect(factsOf(second), `killed at step ${step}`).toEqual(expected);
      second.database.close();
      for (const end of ['', '-wal', '-shm']) rmSync(`${torn}${end}`, { force: true });
    }
    expect(kills).toBe(steps);
  });
});
