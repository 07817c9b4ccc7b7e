import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundles } from '#db/schema/bundle.ts';
import { events } from '#db/schema/event.ts';
import { logFaults, logs } from '#db/schema/log.ts';
import { rekorV1Jobs } from '#jobs/rekor-v1-jobs.ts';
import { parseConfig } from '#lib/config/load.ts';
import { HttpReader } from '#lib/rekor/http.ts';
import { parseLogEntry } from '#lib/rekor-v1/log-entry.ts';
import { ingestBundle } from '#lib/services/bundle/ingest.ts';
import { serversToFollow } from '#lib/services/log/rekor-v1-servers.ts';
import { recordIndexHit } from '#lib/services/source/record-index-hit.ts';
import { compileRules, type WatchRule } from '#lib/watch/rule.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { standardsOf } from '#test/support/standards.ts';

// Recorded from a real Rekor v1: see the README beside the fixtures.
const FIXTURES = fileURLToPath(new URL('../fixtures/rekor-v1-tail/', import.meta.url));
const read = (path: string) => readFileSync(join(FIXTURES, path));
const ANSWERS = JSON.parse(read('answers.json').toString()) as Record<string, string>;
const standards = standardsOf(read('trusted_root.json'));
const INDEX = 3620;
const BOT: WatchRule = { name: 'bot', own: true, identity: { exact: 'release-bot@models.example' } };

let ctx: TestContext;
let server: AnsweringServer;
let http: HttpReader;

beforeEach(async () => {
  ctx = openContext();
  server = await AnsweringServer.start();
  server.answer = ({ method, path, body }) => {
    const answer = ANSWERS[`${method} ${path}${body === '' ? '' : ` ${body}`}`];
    return answer === undefined ? undefined : { body: answer };
  };
  http = new HttpReader({ userAgent: 'Modeltrail/test', connections: 4, attempts: 1 });
});
afterEach(async () => {
  await http.close();
  await server.stop();
  ctx.database.close();
});

/** One round of the job, as the configuration makes it. */
async function follow(reading: 'entries' | 'index', rules: readonly WatchRule[] = []): Promise<void> {
  const list = `{ origin: rekor1.localhost, url: '${server.url}', start: 3617, reading: ${reading} }`;
  const yaml = `organisation: { name: T, contact: a@b.example }\nlogs: { list: [${list}] }\n`;
  const config = { ...parseConfig(Buffer.from(yaml), '/modeltrail.yaml').config, watch: [...rules] };
  const [followed] = serversToFollow(config.logs, standards.root);
  if (!followed) throw new Error('the trust root has no Rekor v1');
  const { root, policies } = standards;
  const tools = { ctx, config, root, policies, matcher: compileRules(rules), policy: undefined };
  const [tail] = rekorV1Jobs(tools, followed, http);
  await tail?.run(new AbortController().signal);
  expect(ctx.database.db.select().from(logFaults).all()).toEqual([]);
}

const ingest = () => ingestBundle(ctx, read('model.sig'), standards);
const stored = () => ctx.database.db.select().from(events).all();
const linked = () => ctx.database.db.select().from(bundles).all();

function findByIndex(): void {
  const answer = ANSWERS[`GET /api/v1/log/entries?logIndex=${INDEX}`] ?? '';
  const [uuid = ''] = Object.keys(JSON.parse(answer) as object);
  const entry = parseLogEntry(Buffer.from(answer), uuid);
  const hit = { root: '00'.repeat(32), logUrl: server.url, entryUuid: uuid };
  recordIndexHit(ctx, hit, entry, { root: standards.root, matcher: compileRules([BOT]) });
}

describe('an entry of a real Rekor v1', () => {
  it('that a bundle shows before its log is followed becomes the event that the tail reads', async () => {
    ingest();
    const [shown] = stored();
    expect(shown).toMatchObject({ seenBy: 'bundle', logId: null, logIndex: INDEX });
    await follow('entries');
    const log = ctx.database.db.select().from(logs).get();
    expect(stored()).toMatchObject([
      { id: shown?.id, seenBy: 'tail', logId: log?.id, logIndex: INDEX, claim: 'model', authenticity: 'verified' },
    ]);
    expect(linked()).toMatchObject([{ eventId: shown?.id }]);
  });

  it('that the tail reads is joined by the bundle that comes later, by its leaf', async () => {
    await follow('entries', [BOT]);
    const [event] = stored();
    expect(event).toMatchObject({ seenBy: 'tail', kind: 'dsse 0.0.1', signedAtSource: 'integrated-time' });
    expect(ingest()).toMatchObject({ outcome: 'accepted' });
    expect(stored()).toMatchObject([{ id: event?.id, seenBy: 'tail', claim: 'model' }]);
    expect(linked()).toMatchObject([{ eventId: event?.id, linkedBy: 'leaf' }]);
  });

  it('that a bundle shows is read from the log and bound to our tree, where only heads are followed', async () => {
    ingest();
    await follow('index');
    expect(stored()).toMatchObject([{ seenBy: 'tail', logIndex: INDEX, claim: 'model', authenticity: 'verified' }]);
  });

  it('that the search index names is the same event, whoever comes first', async () => {
    await follow('entries', [BOT]);
    const [event] = stored();
    findByIndex();
    expect(stored()).toMatchObject([{ id: event?.id, seenBy: 'tail' }]);

    ctx.database.close();
    ctx = openContext();
    findByIndex();
    expect(stored()).toMatchObject([{ id: event?.id, seenBy: 'index' }]);
    await follow('entries', [BOT]);
    expect(stored()).toMatchObject([{ id: event?.id, seenBy: 'tail', logIndex: INDEX }]);
  });

  it('has the time at which the log took it, signed, and a certificate that was valid then', async () => {
    await follow('entries', [BOT]);
    const [event] = stored();
    const checks = JSON.parse(event?.checks ?? '[]') as { name: string; outcome: string }[];
    const outcomes = Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]));
    expect(outcomes).toMatchObject({
      'checkpoint-signature': 'passed',
      inclusion: 'passed',
      timestamp: 'passed',
      'entry-parsed': 'passed',
      'certificate-chain': 'passed',
      sct: 'passed',
      signature: 'not-made',
    });
    expect(new Date(event?.signedAt ?? 0).toISOString()).toBe('2026-11-27T00:53:20.000Z');
  });
});
