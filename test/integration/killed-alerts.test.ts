import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { publishBundles, writeDemoConfig } from '#test/demo/stage.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { endProcess, startJobs, temporaryFolder, until } from '#test/support/product.ts';
import { StoryLogServer } from '#test/support/story-log.ts';

const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const KILLS = 5;

describe('the jobs, killed again and again while they read the story', () => {
  const folder = temporaryFolder();
  let story: StoryLogServer;
  let receiver: AnsweringServer;
  let config: string;
  const database = join(folder.path, 'data/modeltrail.db');
  const given = process.env.MODELTRAIL_TEST_SECRET;

  beforeAll(async () => {
    story = await StoryLogServer.open();
    receiver = await AnsweringServer.start();
    receiver.answer = () => ({ status: 204 });
    config = writeDemoConfig(folder.path, story, 0, { poll: '200ms', hub: false });
    const document = parseDocument(readFileSync(config, 'utf8'));
    document.set('alerts', {
      channels: [
        {
          kind: 'webhook',
          name: 'hooks',
          url: `${receiver.url}/`,
          secrets: [{ env: 'MODELTRAIL_TEST_SECRET' }],
          'allow-private': true,
        },
      ],
      routes: [{ name: 'all', channels: ['hooks'], resolved: true }],
      grace: { unclaimed: '1s' },
    });
    writeFileSync(config, document.toString());
    publishBundles(folder.path, story);
    // Each look at a log finds it grown, as if much time had passed.
    story.fault = ({ origin, resource }, honest) => {
      if (resource !== 'checkpoint') return undefined;
      story.grow(origin);
      publishBundles(folder.path, story);
      return honest;
    };
    process.env.MODELTRAIL_TEST_SECRET = SECRET;
  });

  afterAll(async () => {
    await story?.close();
    await receiver?.stop();
    if (given === undefined) delete process.env.MODELTRAIL_TEST_SECRET;
    else process.env.MODELTRAIL_TEST_SECRET = given;
    folder.remove();
  });

  function read<Row>(sql: string): Row[] {
    try {
      const sqlite = new Database(database, { readonly: true, fileMustExist: true });
      try {
        return sqlite.prepare<[], Row>(sql).all();
      } finally {
        sqlite.close();
      }
    } catch {
      // Not made yet.
      return [];
    }
  }
  const count = (sql: string) => read<{ n: number }>(sql)[0]?.n ?? 0;
  const untold = () => count('SELECT count(*) AS n FROM alerts WHERE tell IS NOT NULL');
  const waiting = () => count("SELECT count(*) AS n FROM messages WHERE state = 'pending'");

  it('tell of every alert, sign every message, and send none again that they know was sent', {
    timeout: 300_000,
  }, async () => {
    for (let kills = 0; kills < KILLS; kills++) {
      const jobs = startJobs(config);
      const asked = receiver.asked.length;
      const alerts = count('SELECT count(*) AS n FROM alerts');
      const began = Date.now();
      const isAtWork = () =>
        receiver.asked.length > asked ||
        count('SELECT count(*) AS n FROM alerts') > alerts ||
        Date.now() - began > 6000;
      await until(isAtWork, 'the jobs had raised or sent something');
      await endProcess(jobs, 'SIGKILL');
    }
    const jobs = startJobs(config);
    const own = `SELECT count(*) AS n FROM events e WHERE claim = 'unclaimed' AND authenticity = 'verified' AND expected_by IS NULL
      AND EXISTS (SELECT 1 FROM event_matches m WHERE m.event_id = e.id AND m.own)`;
    const raised = "SELECT count(*) AS n FROM alerts WHERE kind = 'unclaimed-signing' AND state = 'new'";
    const isDone = () => count(own) > 0 && count(own) === count(raised) && untold() === 0 && waiting() === 0;
    await until(isDone, 'everything was told', 120_000);
    await endProcess(jobs, 'SIGTERM');

    const sent = read<{ id: string; attempts: number }>("SELECT id, attempts FROM messages WHERE state = 'sent'");
    const tries = new Map(sent.map(({ id, attempts }) => [id, attempts]));
    const received = Map.groupBy(receiver.asked, ({ headers }) => String(headers['webhook-id']));
    expect([...received.keys()].sort()).toEqual([...tries.keys()].sort());
    for (const [id, requests] of received) {
      // Every try was written down before it was made.
      expect(requests.length, id).toBeLessThanOrEqual(tries.get(id) ?? 0);
      for (const { body, headers } of requests) {
        const signed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
        expect(() => new Webhook(SECRET).verify(body, signed)).not.toThrow();
      }
    }
    expect(
      count(
        'SELECT count(*) AS n FROM alerts a WHERE NOT EXISTS (SELECT 1 FROM message_alerts m WHERE m.alert_id = a.id)',
      ),
    ).toBe(0);
    expect(count("SELECT count(*) AS n FROM alerts WHERE kind = 'unclaimed-signing' AND count > 1")).toBe(0);
    expect(count("SELECT count(*) AS n FROM job_runs WHERE error IS NOT NULL AND name LIKE '%alerts%'")).toBe(0);
  });
});
