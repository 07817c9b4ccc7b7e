import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { events } from '#db/schema/event.ts';
import { logFaults } from '#db/schema/log.ts';
import { NO_POLICIES } from '#lib/provenance/expected-signer.ts';
import { REKOR_V2 } from '#lib/rekor/entry-format.ts';
import { HttpReader } from '#lib/rekor/http.ts';
import { rekorTileSource } from '#lib/rekor/tile-client.ts';
import { tileLogReader } from '#lib/rekor/tile-log.ts';
import { followLog } from '#lib/services/log/follow.ts';
import { findLog } from '#lib/services/log/position.ts';
import { rekorTail } from '#lib/services/log/rekor-tail.ts';
import { syncLogs } from '#lib/services/log/sync.ts';
import { scanDirectory } from '#lib/services/source/scan-directory.ts';
import { judgeCertificate } from '#lib/sigstore/authenticity.ts';
import { noteVerifiers } from '#lib/sigstore/log-key.ts';
import { compileRules } from '#lib/watch/rule.ts';
import { openContext, type TestContext } from '#test/support/context.ts';
import { standardsOf } from '#test/support/standards.ts';
import { readStory, STORY_DIRECTORY } from '#test/support/story.ts';
import { StoryLogServer } from '#test/support/story-log.ts';

const ORIGIN = 'rekor2.localhost';
/** Bundles of the story whose entry is in this log. */
const bundled = readStory().entries.filter(({ log, bundle }) => log === ORIGIN && bundle !== null).length;
const standards = standardsOf(readFileSync(join(STORY_DIRECTORY, 'trusted_root.json')));
const { root } = standards;
const key = root.logs.find(({ origin }) => origin === ORIGIN);

let ctx: TestContext;
let story: StoryLogServer;
let http: HttpReader;

beforeEach(async () => {
  ctx = openContext();
  story = await StoryLogServer.open({ sizes: { [ORIGIN]: 2252 } });
  http = new HttpReader({ userAgent: 'Modeltrail/test', connections: 4, attempts: 1 });
});
afterEach(async () => {
  await http.close();
  await story.close();
  ctx.database.close();
});

/** One round that starts at the end of the log, with a rule that meets nothing in it. */
function follow() {
  if (!key) throw new Error('the story has no such log');
  const { origin, logId, keyDetails, spkiDer: publicKey } = key;
  syncLogs(ctx, [{ origin, logId, keyDetails, publicKey, readUrl: story.url(origin), source: 'trusted-root' }]);
  const rules = [{ name: 'nobody here', own: true, identity: { exact: 'somebody-else@models.example' } }];
  return followLog(ctx, findLog(ctx.database.db, origin).id, {
    ...rekorTail(ctx, {
      reader: tileLogReader({
        origin,
        verifiers: noteVerifiers(key),
        source: rekorTileSource(http, story.url(origin)),
      }),
      format: REKOR_V2,
      rules,
      matcher: compileRules(rules),
      policies: NO_POLICIES,
      judge: (certificate, seenAt) => judgeCertificate(certificate, root, { seenAt }),
    }),
    start: 'end',
    parallel: 4,
  });
}

const scan = () =>
  scanDirectory(ctx, { name: 'published', directory: join(STORY_DIRECTORY, 'bundles') }, standards, { again: false });
const ofLog = () =>
  ctx.database.db
    .select({ index: events.logIndex, seenBy: events.seenBy, claim: events.claim, checks: events.checks })
    .from(events)
    .where(eq(events.logId, findLog(ctx.database.db, ORIGIN).id))
    .all();

describe('bundles of entries that the tail did not read', () => {
  it('are confirmed in the log itself: every one is bound to our own verified tree', async () => {
    await follow();
    await scan();
    expect(ofLog().map(({ seenBy }) => seenBy)).toEqual(Array.from({ length: bundled }, () => 'bundle'));
    const claims = ofLog().map(({ claim }) => claim);
    await follow();
    // So many in one round: the log is not asked for everything at once.
    expect(ofLog().filter(({ seenBy }) => seenBy === 'tail')).toHaveLength(32);
    await follow();
    expect(ofLog().map(({ seenBy }) => seenBy)).toEqual(Array.from({ length: bundled }, () => 'tail'));
    expect(ofLog().map(({ claim }) => claim)).toEqual(claims);
    expect(ofLog().every(({ checks }) => checks.includes('2252'))).toBe(true);
  });

  it('convict a log that has another entry there than it proved to the maker of the bundle', async () => {
    await follow();
    await scan();
    const [first] = ofLog();
    ctx.database.db
      .update(events)
      .set({ leafHash: 'ab'.repeat(32) })
      .where(eq(events.logIndex, first?.index ?? -1))
      .run();
    expect(await follow()).toMatchObject({ outcome: 'failed' });
    expect(findLog(ctx.database.db, ORIGIN).state).toBe('frozen');
    expect(ctx.database.db.select().from(logFaults).all()).toMatchObject([
      { code: 'inconsistent', severity: 'misbehaviour' },
    ]);
  });
});
