import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { events } from '#db/schema/event.ts';
import { type Api, createApi } from '#lib/http/api.ts';
import { ask } from './described.ts';
import { openScene, type Scene } from './scene.ts';

const PATH = '/api/v1/undecided-entries/retry';
let scene: Scene;
let api: Api;

beforeEach(() => {
  scene = openScene();
  api = createApi(scene.environment);
});
afterEach(() => scene.ctx.database.close());

const post = (token: string | null) =>
  ask(api, PATH, { method: 'POST', ...(token !== null && { headers: { Authorization: `Bearer ${token}` } }) });

describe('asking for undecided entries to be read again', () => {
  it('has every one of them read again, and no other', async () => {
    const { db } = scene.ctx.database;
    db.update(events).set({ undecided: null, undecidedBy: null }).run();
    db.update(events)
      .set({ undecided: 'odd bytes', undecidedBy: 'this reader', seenBy: 'tail' })
      .where(eq(events.id, scene.eventId))
      .run();
    const { response, body } = await post(scene.token('admin'));
    expect([response.status, body]).toEqual([202, { entries: 1 }]);
    expect(db.select().from(events).where(eq(events.id, scene.eventId)).get()).toMatchObject({
      undecided: 'odd bytes',
      undecidedBy: null,
    });
  });

  it('needs the scope admin', async () => {
    expect((await post(null)).response.status).toBe(401);
    expect((await post(scene.token('ingest'))).response.status).toBe(403);
  });
});
