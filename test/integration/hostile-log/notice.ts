import { and, eq, isNull } from 'drizzle-orm';
import { expect } from 'vitest';
import { checkpoints, logFaults } from '#db/schema/log.ts';
import { findLog } from '#lib/services/log/position.ts';
import { openCheckpoint } from '#lib/tlog/checkpoint.ts';
import { ed25519Verifier } from '#lib/tlog/key.ts';
import type { Misbehaviour } from '#test/support/hostile-log/misbehaviour.ts';
import { GROWN, HostileScene } from '#test/support/hostile-log/scene.ts';

/** What a log comes to that was never disturbed. */
let undisturbed: Promise<object> | undefined;

async function readUndisturbed(): Promise<object> {
  const scene = await HostileScene.open();
  scene.hostile.size = GROWN;
  scene.neighbour.size = 500;
  await scene.follow(scene.hostile);
  await scene.follow(scene.neighbour);
  const truth = scene.truth();
  await scene.close();
  return truth;
}

export const rowOf = ({ ctx, hostile }: HostileScene) => findLog(ctx.database.db, hostile.log.origin);

export function openFaults(scene: HostileScene) {
  const isOpen = and(eq(logFaults.logId, rowOf(scene).id), isNull(logFaults.resolvedAt));
  return scene.ctx.database.db.select().from(logFaults).where(isOpen).all();
}

/**
 * Holds a misbehaviour against what must come of it: named within one round, nothing false stored, the log beside it read
 * on, and then the same as without it, or frozen with its evidence.
 */
export async function expectNoticed(misbehaviour: Misbehaviour): Promise<void> {
  undisturbed ??= readUndisturbed();
  const scene = await HostileScene.open();
  try {
    scene.misbehave(misbehaviour);
    for (let round = 0; round < (misbehaviour.lead ?? 0); round++) await scene.follow(scene.hostile);
    await expectNamed(scene, misbehaviour);

    scene.neighbour.size = 500;
    expect(await scene.follow(scene.neighbour)).toEqual({ outcome: 'grown', entries: 200, events: 0 });

    const atItsEnd = scene.truth();
    scene.hostile.behave();
    await scene.follow(scene.hostile);
    await expectAfterwards(scene, misbehaviour, atItsEnd);
  } finally {
    await scene.close();
  }
}

async function expectNamed(scene: HostileScene, misbehaviour: Misbehaviour): Promise<void> {
  const { fault } = misbehaviour;
  const before = scene.truth();
  const { outcome } = await scene.follow(scene.hostile, misbehaviour);
  if (!fault) {
    expect(outcome).not.toBe('failed');
    expect(openFaults(scene)).toEqual([]);
    return;
  }
  expect(outcome).toBe('failed');
  const open = openFaults(scene).map(({ code, severity }) => ({ code, severity }));
  expect(open).toContainEqual(fault);
  expect(open.filter(({ code }) => code === 'internal-error')).toEqual([]);
  expect(scene.truth()).toEqual(before);
  expect(rowOf(scene).state).toBe(fault.severity === 'misbehaviour' ? 'frozen' : 'following');
}

async function expectAfterwards(
  scene: HostileScene,
  { fault, afterwards }: Misbehaviour,
  atItsEnd: object,
): Promise<void> {
  if (afterwards === 'frozen') {
    expect(rowOf(scene).state).toBe('frozen');
    expectEvidence(scene);
    // Proved at once, it stays where it was; proved by what is shown later, that may have been read and be true.
    const possible = fault?.severity === 'misbehaviour' ? [atItsEnd] : [atItsEnd, await undisturbed];
    expect(possible).toContainEqual(scene.truth());
    return;
  }
  expect(scene.truth()).toEqual(await undisturbed);
  expect(rowOf(scene)).toMatchObject({ state: 'following', verifiedSize: GROWN });
  const doubts = openFaults(scene).map(({ code }) => code);
  expect(doubts).toEqual(afterwards === 'doubted' ? expect.arrayContaining(['smaller-tree']) : []);
}

/** Both statements are kept as the log signed them: anybody with its key can see that they do not fit. */
function expectEvidence(scene: HostileScene): void {
  const { origin, rawKey } = scene.hostile.log;
  const fault = openFaults(scene).find(({ severity }) => severity === 'misbehaviour');
  const { held, received } = JSON.parse(fault?.evidence ?? '{}') as Record<string, string>;
  const policy = { origin, verifiers: [ed25519Verifier(origin, rawKey)] };
  for (const note of [held, received]) openCheckpoint(Buffer.from(note ?? ''), policy);
  expect(held).not.toBe(received);
  const kept = scene.ctx.database.db.select({ note: checkpoints.note }).from(checkpoints).all();
  expect(kept.map(({ note }) => note)).toEqual(expect.arrayContaining([held, received]));
}
