import { alerts, digestItems, messageAlerts, messages } from '#db/schema/alert.ts';
import { findings } from '#db/schema/finding.ts';
import { models } from '#db/schema/model.ts';
import type { Notice } from '#lib/notify/notice.ts';
import { raiseAlerts, tellRaised } from '#lib/services/alert/raise-all.ts';
import {
  type LogRow,
  MINT_TIME,
  type MintedRule,
  mintCheckpoint,
  mintCoverage,
  mintEvent,
  mintLog,
} from '#test/factories.ts';
import { mintJobs } from '#test/state-factories.ts';
import { putAlertsInForce, type WrittenAlerts } from '#test/support/alert-settings.ts';
import { openContext, type TestContext } from '#test/support/context.ts';

export const MINUTE = 60_000;

export const OWN: MintedRule = {
  rule: 'Release bot',
  field: 'san',
  value: 'release-bot@models.example',
  how: 'exact',
  own: true,
};

export const ROUTED: WrittenAlerts = {
  channels: [
    {
      kind: 'webhook',
      name: 'hooks',
      url: 'http://127.0.0.1:1/',
      secrets: [{ env: 'MODELTRAIL_SECRET' }],
      'allow-private': true,
    },
  ],
  routes: [{ name: 'all', channels: ['hooks'], resolved: true }],
};

export interface AlertScene {
  readonly ctx: TestContext;
  readonly log: LogRow;
  /** An event at the next index of the log, seen now. */
  event(overrides?: Parameters<typeof mintEvent>[2]): ReturnType<typeof mintEvent>;
  /** One round of the job. */
  round(): Promise<void>;
}

/** A database in which all is well: a log that is fresh, jobs that run, a trust root. */
export function openAlertScene({ path, alerts: written = ROUTED, others = {} }: SceneOptions = {}): AlertScene {
  const ctx = openContext(path);
  ctx.tick(MINT_TIME - ctx.now());
  const { database } = ctx;
  putAlertsInForce(database, written, { trust: { file: '/trust.json' }, ...others });
  database.sqlite.exec(
    `UPDATE config_state SET trust_source = 'file', trust_loaded_at = ${MINT_TIME + 1e9}, trust_sha256 = 'x'`,
  );
  mintJobs(database, MINT_TIME + 1e9);
  const log = mintLog(database, { lastSuccessAt: MINT_TIME + 1e9, verifiedSize: 100_000 });
  const checkpoint = mintCheckpoint(database, log);
  mintCoverage(database, log, 0, log.verifiedSize);
  let index = 0;
  return {
    ctx,
    log,
    event: (overrides = {}) =>
      mintEvent(
        database,
        { log, checkpoint, logIndex: index++ },
        { firstSeenAt: ctx.now(), rules: [OWN], ...overrides },
      ),
    round: async () => {
      await raiseAlerts(ctx);
      await tellRaised(ctx);
    },
  };
}

export interface SceneOptions {
  readonly path?: string;
  readonly alerts?: WrittenAlerts;
  readonly others?: object;
}

export interface ToldMessage extends Notice {
  readonly channel: string;
  readonly routes: readonly string[];
}

/** The outbox, in the order in which it was written. */
export function outbox({ database: { db } }: TestContext): ToldMessage[] {
  return db
    .select()
    .from(messages)
    .all()
    .map(({ content, channel, routes }) => ({ ...JSON.parse(content), channel, routes: JSON.parse(routes) }));
}

/** Every alert, by kind and subject. */
export function allAlerts({ database: { db } }: TestContext) {
  return db.select().from(alerts).orderBy(alerts.kind, alerts.subject).all();
}

/** All that alerts come to, without what is random. */
export function factsOf({ database: { db } }: TestContext) {
  const told = db.select().from(messageAlerts).all();
  return {
    alerts: db.select().from(alerts).orderBy(alerts.id).all(),
    messages: db
      .select()
      .from(messages)
      .all()
      .map(({ id, attempts: _, nextAttemptAt: __, dedupKey: ___, ...message }) => ({
        ...message,
        alertIds: told
          .filter(({ messageId }) => messageId === id)
          .map(({ alertId }) => alertId)
          .sort(),
      }))
      .sort((a, b) => (a.content < b.content ? -1 : 1)),
    digests: db.select().from(digestItems).all(),
  };
}

/** A finding about a model of this name. */
export function mintFinding(
  { database: { db } }: TestContext,
  id: string,
  overrides: Partial<typeof findings.$inferInsert> & { model?: string } = {},
) {
  const { model = 'northwind/base', ...said } = overrides;
  db.insert(models)
    .values({ id: `mdl_${model}`, name: model, slug: model.replaceAll('/', '-'), firstSeenAt: MINT_TIME })
    .onConflictDoNothing()
    .run();
  db.insert(findings)
    .values({
      id,
      kind: 'broken-link',
      modelId: `mdl_${model}`,
      statement: 'Version 1.0.0 has a broken chain.',
      evidence: '{"weakest link":"conflict"}',
      firstAt: MINT_TIME,
      ...said,
    })
    .run();
}
