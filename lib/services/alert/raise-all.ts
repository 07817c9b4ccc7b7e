import { setTimeout } from 'node:timers/promises';
import type { Writer } from '#db/client.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { expectedSince } from '#lib/services/expected/since.ts';
import { getHealth } from '#lib/services/health/get.ts';
import { failOrphans } from '#lib/services/message/fail-orphans.ts';
import { moveCursor, readCursor } from './cursor.ts';
import { endMutes } from './end-mutes.ts';
import type { SignersMet } from './new-signer.ts';
import { raiseFromCertificates } from './raise-from-certificates.ts';
import { raiseFromDeployments } from './raise-from-deployments.ts';
import { raiseFromEvents } from './raise-from-events.ts';
import { raiseFromFindings, settleFindingAlerts } from './raise-from-findings.ts';
import { raiseFromHealth } from './raise-from-health.ts';
import { raiseFromLogs } from './raise-from-logs.ts';
import {
  OWN_SIGNINGS,
  type OwnSigningKind,
  raiseFromOwnSignings,
  settleOwnSignings,
  sweepOwnSignings,
} from './raise-from-own-signings.ts';
import { roundPlaces } from './round-places.ts';
import { sendDigests } from './send-digests.ts';
import { alertSettings } from './settings.ts';
import { sweepStrangers } from './sweep-strangers.ts';
import { repeatAlerts, tellAlerts } from './tell.ts';

const SWEEP = 'sweep';
/** What became so later than it was stored is looked for so often. */
const SWEEP_EVERY = 10 * 60_000;
/** What was resolved longer ago than this was settled by a round before, or is by the next sweep. */
const SETTLED_WITHIN = 2 * SWEEP_EVERY;
/**
 * Milliseconds between two transactions of one step: others who wait to write look every few milliseconds whether they may,
 * and would find none between two that follow at once.
 */
const PAUSE = 5;
const KINDS = Object.keys(OWN_SIGNINGS) as OwnSigningKind[];

/** Gives whether there may be more of the same. */
type Step = (tx: Writer) => boolean;

/**
 * One round of looking at everything that alerts come from. Each step is a transaction of its own that reads, raises and
 * moves its cursor: killed anywhere, the next round goes on where the last one was committed.
 */
export async function raiseAlerts(ctx: ServiceContext, signal?: AbortSignal): Promise<void> {
  const { checks } = await getHealth(ctx.database, { now: ctx.now() });
  for (const step of stepsOf(ctx, checks)) {
    for (let isMore = true; isMore; ) {
      signal?.throwIfAborted();
      isMore = ctx.database.db.transaction(step, { behavior: 'immediate' });
      if (isMore) await setTimeout(PAUSE, undefined, { signal });
    }
  }
}

function stepsOf(ctx: ServiceContext, checks: Awaited<ReturnType<typeof getHealth>>['checks']): Step[] {
  const now = ctx.now();
  const { grace } = alertSettings(ctx.database.db);
  const options = { grace, since: expectedSince(ctx.database), now };
  const met: SignersMet = new Set();
  const places = roundPlaces(ctx.database);
  const isSwept = (readCursor(ctx.database.db, SWEEP) ?? 0) > now - SWEEP_EVERY;
  return [
    once((tx) => endMutes(tx, now)),
    once((tx) => raiseFromLogs(tx, now)),
    (tx) => raiseFromEvents(tx, met, now),
    ...KINDS.map(
      (kind): Step =>
        (tx) =>
          raiseFromOwnSignings(tx, kind, options),
    ),
    ...KINDS.map((kind) => once((tx) => settleOwnSignings(tx, kind, places, options))),
    once((tx) => settleFindingAlerts(tx, isSwept ? now - SETTLED_WITHIN : 0, now)),
    (tx) => raiseFromFindings(tx, places, now),
    raiseFromDeployments(now),
    (tx) => raiseFromCertificates(tx, now),
    once((tx) => raiseFromHealth(tx, { checks, grace: grace.health, now })),
    ...(isSwept
      ? []
      : KINDS.map(
          (kind): Step =>
            (tx) =>
              sweepOwnSignings(tx, kind, options),
        )),
    ...(isSwept ? [] : [once((tx) => sweepStrangers(tx, now)), once((tx) => moveCursor(tx, SWEEP, now))]),
  ];
}

/** Takes up what was raised here and elsewhere, and puts into the outbox what is due. */
export async function tellRaised(ctx: ServiceContext, signal?: AbortSignal): Promise<void> {
  const now = ctx.now();
  const settings = alertSettings(ctx.database.db);
  for (let isMore = true; isMore; ) {
    signal?.throwIfAborted();
    isMore = ctx.database.db.transaction((tx) => tellAlerts(tx, settings, now), { behavior: 'immediate' });
    if (isMore) await setTimeout(PAUSE, undefined, { signal });
  }
  const channels = settings.channels.map(({ name }) => name);
  const steps = [
    (tx: Writer) => repeatAlerts(tx, settings, now),
    (tx: Writer) => sendDigests(tx, settings, now),
    (tx: Writer) => failOrphans(tx, channels, now),
  ];
  for (const step of steps) ctx.database.db.transaction(step, { behavior: 'immediate' });
}

function once(step: (tx: Writer) => void): Step {
  return (tx) => {
    step(tx);
    return false;
  };
}
