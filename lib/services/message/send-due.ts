import { and, asc, eq, lte, ne, sql } from 'drizzle-orm';
import { messages } from '#db/schema/alert.ts';
import { configState } from '#db/schema/job.ts';
import type { ChannelConfig } from '#lib/config/channel-schema.ts';
import type { Config } from '#lib/config/schema.ts';
import { type DeliverOptions, deliver } from '#lib/notify/deliver.ts';
import { DeliveryError } from '#lib/notify/delivery-error.ts';
import type { Delivery, Notice } from '#lib/notify/notice.ts';
import { ALERT } from '#lib/provenance/alert-words.ts';
import { alertId, raiseAlert } from '#lib/services/alert/raise.ts';
import { settleAlerts } from '#lib/services/alert/settle.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { dropLease, LEASE_MS, leaseHolder, takeLease } from '#lib/services/job/lease.ts';
import { retryDelay } from './retry-delay.ts';

export interface SendOptions extends Pick<DeliverOptions, 'environment' | 'resolve'> {
  readonly signal?: AbortSignal | undefined;
  /** Where the pages are, for links. */
  readonly address: string | null;
  /** Of tests. */
  readonly random?: () => number;
}

const RENEW_EVERY = LEASE_MS / 4;

type Row = typeof messages.$inferSelect;

/**
 * Sends what is due through one channel, one after the other in the order in which it was written: what waits for another
 * try holds back what came after it. Tests hold back nothing, and are tried once. Only one process sends through a channel.
 *
 * A try is written down before it is made, and its outcome after it: killed between the two, the message is sent again with
 * the same id.
 *
 * @returns how many were sent.
 */
export async function sendDue(ctx: ServiceContext, channel: ChannelConfig, options: SendOptions): Promise<number> {
  if (!nextOf(ctx, channel.name)) return 0;
  const lease = `channel ${channel.name}`;
  if (takeLease(ctx, lease, leaseHolder()) !== null) return 0;
  // A slow receiver may take longer than a lease holds.
  const renewal = setInterval(() => renew(ctx, lease), RENEW_EVERY);
  let sent = 0;
  try {
    const organisation = organisationOf(ctx);
    for (let row = nextOf(ctx, channel.name); row; row = nextOf(ctx, channel.name)) {
      options.signal?.throwIfAborted();
      if (await sendOne(ctx, channel, row, { ...options, organisation })) sent++;
    }
    return sent;
  } finally {
    clearInterval(renewal);
    dropLease(ctx, lease, leaseHolder());
  }
}

/** A renewal that fails must not end the process: the next one may succeed, and without any the lease runs out. */
function renew(ctx: ServiceContext, lease: string): void {
  try {
    takeLease(ctx, lease, leaseHolder());
  } catch (error) {
    ctx.log.warn({ err: error, lease }, 'the lease of a channel could not be renewed');
  }
}

/** The oldest test that is due; else the oldest of the others, if that is due. */
function nextOf({ database: { db }, now }: ServiceContext, channel: string): Row | null {
  const pending = and(eq(messages.channel, channel), eq(messages.state, 'pending'));
  const inOrder = [asc(messages.createdAt), sql`rowid`] as const;
  const isDue = lte(messages.nextAttemptAt, now());
  const test = db
    .select()
    .from(messages)
    .where(and(pending, eq(messages.kind, 'test'), isDue))
    .orderBy(...inOrder)
    .get();
  if (test) return test;
  const first = db
    .select()
    .from(messages)
    .where(and(pending, ne(messages.kind, 'test')))
    .orderBy(...inOrder)
    .get();
  return first && first.nextAttemptAt <= now() ? first : null;
}

async function sendOne(
  ctx: ServiceContext,
  channel: ChannelConfig,
  row: Row,
  { signal, environment, resolve, address, organisation, random = Math.random }: SendOptions & { organisation: string },
): Promise<boolean> {
  const { db } = ctx.database;
  const attempts = row.attempts + 1;
  const isTest = row.kind === 'test';
  const planned = retryDelay(attempts, { hope: 'maybe', retryAfter: null }, random());
  db.update(messages)
    .set({ attempts, nextAttemptAt: ctx.now() + (planned ?? 0) })
    .where(eq(messages.id, row.id))
    .run();
  // Written by `putMessage` alone.
  const notice = JSON.parse(row.content) as Notice;
  const delivery: Delivery = { id: row.id, notice, address, organisation };
  try {
    await deliver(channel, delivery, { signal, environment, resolve, now: ctx.now() });
  } catch (error) {
    // Interrupted: nobody knows whether it arrived. It is tried again at once when somebody sends again.
    if (signal?.aborted) {
      db.update(messages)
        .set({ attempts: row.attempts, nextAttemptAt: ctx.now() })
        .where(eq(messages.id, row.id))
        .run();
      throw error;
    }
    noteFailure(
      ctx,
      row,
      isTest ? null : retryDelay(attempts, asDeliveryError(error), random()),
      asDeliveryError(error),
    );
    return false;
  }
  db.transaction(
    (tx) => {
      tx.update(messages).set({ state: 'sent', sentAt: ctx.now(), problem: null }).where(eq(messages.id, row.id)).run();
      settleAlerts(tx, [alertId('failing-channel', channel.name)], ctx.now());
    },
    { behavior: 'immediate' },
  );
  return true;
}

/** @param wait milliseconds until the next try; null where it is given up. */
function noteFailure(ctx: ServiceContext, { id, channel, kind }: Row, wait: number | null, error: DeliveryError): void {
  const now = ctx.now();
  ctx.log.warn({ channel, message: id, wait }, `a message was not delivered: ${error.message}`);
  ctx.database.db.transaction(
    (tx) => {
      tx.update(messages)
        .set({ state: wait === null ? 'failed' : 'pending', nextAttemptAt: now + (wait ?? 0), problem: error.message })
        .where(eq(messages.id, id))
        .run();
      if (wait !== null || kind === 'test') return;
      raiseAlert(tx, {
        kind: 'failing-channel',
        severity: ALERT['failing-channel'].severity,
        subject: channel,
        title: `A message to the channel ${channel} could not be delivered`,
        statement: `${ALERT['failing-channel'].what} ${error.message}`,
        evidence: { channel, message: id },
        href: '/alerts/channels',
        now,
      });
    },
    { behavior: 'immediate' },
  );
}

/** What nobody foresaw may pass, and must not hold up the others for ever. */
function asDeliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  return new DeliveryError(`Sending failed: ${error instanceof Error ? error.name : 'error'}.`, 'unlikely');
}

function organisationOf({ database: { db } }: ServiceContext): string {
  const row = db.select({ inForce: configState.inForce }).from(configState).where(eq(configState.id, 1)).get();
  const config = row ? (JSON.parse(row.inForce) as Partial<Pick<Config, 'organisation'>>) : {};
  return config.organisation?.name ?? 'Modeltrail';
}
