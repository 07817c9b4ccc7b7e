import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alerts, messageAlerts, messages } from '#db/schema/alert.ts';
import { events } from '#db/schema/event.ts';
import { acknowledgeAlerts } from '#lib/services/alert/acknowledge.ts';
import { getAlert } from '#lib/services/alert/get.ts';
import { pruneAll } from '#lib/services/alert/prune-all.ts';
import { resolveAlerts } from '#lib/services/alert/resolve.ts';
import { type AlertScene, allAlerts, MINUTE, OWN, openAlertScene, outbox, ROUTED } from './scene.ts';

const DAY = 24 * 60 * MINUTE;
const by = { actor: { kind: 'command-line' } } as const;
let scene: AlertScene;

beforeEach(() => {
  scene = openAlertScene({ alerts: { ...ROUTED, keep: '720h' } });
});
afterEach(() => scene.ctx.database.close());

const { sent, claimed } = {
  /** As if every message that waits had been taken now. */
  sent: () =>
    scene.ctx.database.db
      .update(messages)
      .set({ state: 'sent', sentAt: scene.ctx.now(), nextAttemptAt: scene.ctx.now() })
      .where(eq(messages.state, 'pending'))
      .run(),
  claimed: (id: string) => scene.ctx.database.db.update(events).set({ claim: 'model' }).where(eq(events.id, id)).run(),
};

const impersonations = () => allAlerts(scene.ctx).filter(({ kind }) => kind === 'impersonation');

/** An own signing that was an alert, told, and whose bundle came after all. */
async function settled() {
  const event = scene.event();
  scene.ctx.tick(20 * MINUTE);
  await scene.round();
  claimed(event.id);
  await scene.round();
  sent();
  return event;
}

describe('what is older than it is kept', () => {
  it('goes where it was resolved by itself, with its messages, and is not raised again', async () => {
    await settled();
    scene.ctx.tick(31 * DAY);
    expect(await pruneAll(scene.ctx)).toEqual({ messages: 2, dropped: 1, shortened: 0 });
    for (let i = 0; i < 3; i++) {
      scene.ctx.tick(11 * MINUTE);
      await scene.round();
    }
    expect(allAlerts(scene.ctx).filter(({ kind }) => kind === 'unclaimed-signing')).toEqual([]);
    expect(await pruneAll(scene.ctx)).toEqual({ messages: 0, dropped: 0, shortened: 0 });
  });

  it('stays until its time', async () => {
    await settled();
    scene.ctx.tick(29 * DAY);
    expect(await pruneAll(scene.ctx)).toEqual({ messages: 0, dropped: 0, shortened: 0 });
    expect(outbox(scene.ctx)).toHaveLength(2);
  });

  it.each(['new', 'acknowledged', 'muted'] as const)(
    'stays for ever while it is %s, with what told of it',
    async (state) => {
      scene.event();
      scene.ctx.tick(20 * MINUTE);
      await scene.round();
      sent();
      scene.ctx.database.db.update(alerts).set({ state }).run();
      scene.ctx.tick(3000 * DAY);
      expect(await pruneAll(scene.ctx)).toEqual({ messages: 0, dropped: 0, shortened: 0 });
    },
  );

  it('keeps its line where somebody decided about it, and is not raised again while its cause stands', async () => {
    scene.event();
    scene.ctx.tick(20 * MINUTE);
    await scene.round();
    sent();
    const [alert] = allAlerts(scene.ctx);
    const id = alert?.id ?? '';
    resolveAlerts(scene.ctx, { ids: [id], ...by, note: 'It was a test.' });
    scene.ctx.tick(31 * DAY);
    expect(await pruneAll(scene.ctx)).toEqual({ messages: 1, dropped: 0, shortened: 1 });
    expect(await pruneAll(scene.ctx)).toEqual({ messages: 0, dropped: 0, shortened: 0 });
    for (let i = 0; i < 3; i++) {
      scene.ctx.tick(11 * MINUTE);
      await scene.round();
    }
    const kept = await getAlert(scene.ctx.database, id);
    expect(kept).toMatchObject({ title: alert?.title, state: 'resolved', count: 1, evidence: {}, messages: [] });
    expect(kept?.statement).toContain('alerts.keep');
    expect(kept?.history).toMatchObject([{ action: 'alert.resolved', detail: { note: 'It was a test.' } }]);
  });

  it('keeps the line of an impersonation that was resolved by hand, which a sweep would raise again', async () => {
    scene.event({ authenticity: 'impersonation', rules: [{ ...OWN, own: false }] });
    await scene.round();
    sent();
    resolveAlerts(scene.ctx, { ids: allAlerts(scene.ctx).map(({ id }) => id), ...by });
    scene.ctx.tick(31 * DAY);
    expect(await pruneAll(scene.ctx)).toMatchObject({ shortened: 1 });
    for (let i = 0; i < 3; i++) {
      scene.ctx.tick(11 * MINUTE);
      await scene.round();
    }
    expect(impersonations()).toMatchObject([{ kind: 'impersonation', state: 'resolved', count: 1 }]);
    // Who does it again is an alert again, with all its words.
    scene.event({ authenticity: 'impersonation', rules: [{ ...OWN, own: false }] });
    await scene.round();
    expect(impersonations()).toMatchObject([
      { state: 'new', count: 2, evidence: expect.stringContaining('release-bot') },
    ]);
  });

  it('stays, of what was acknowledged and then resolved by itself, by its line', async () => {
    const event = scene.event();
    scene.ctx.tick(20 * MINUTE);
    await scene.round();
    acknowledgeAlerts(scene.ctx, { ids: allAlerts(scene.ctx).map(({ id }) => id), ...by });
    claimed(event.id);
    await scene.round();
    sent();
    scene.ctx.tick(31 * DAY);
    expect(await pruneAll(scene.ctx)).toMatchObject({ dropped: 0, shortened: 1 });
  });

  it('waits for what is still to be sent of it, and for its digest', async () => {
    const event = await settled();
    scene.ctx.database.db.update(messages).set({ state: 'pending' }).run();
    scene.ctx.tick(31 * DAY);
    expect(await pruneAll(scene.ctx)).toEqual({ messages: 0, dropped: 0, shortened: 0 });
    sent();
    const [alert] = allAlerts(scene.ctx).filter(({ subject }) => subject === event.id);
    scene.ctx.database.sqlite
      .prepare("INSERT INTO digest_items (route, alert_id, at) VALUES ('all', ?, 1)")
      .run(alert?.id);
    scene.ctx.tick(31 * DAY);
    expect(await pruneAll(scene.ctx)).toEqual({ messages: 2, dropped: 0, shortened: 0 });
  });

  it('goes in bounded batches, however much there is', async () => {
    const { db } = scene.ctx.database;
    for (let i = 0; i < 1203; i++) scene.event();
    scene.ctx.tick(20 * MINUTE);
    await scene.round();
    db.update(events).set({ claim: 'model' }).run();
    for (let i = 0; i < 4; i++) await scene.round();
    sent();
    scene.ctx.tick(31 * DAY);
    expect(await pruneAll(scene.ctx)).toMatchObject({ dropped: 1203, shortened: 0 });
    expect(db.select().from(messageAlerts).all()).toEqual([]);
  });
});
