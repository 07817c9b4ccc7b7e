import { NO_POLICIES } from '#lib/provenance/expected-signer.ts';
import { REKOR_V2 } from '#lib/rekor/entry-format.ts';
import { tileLogReader } from '#lib/rekor/tile-log.ts';
import type { CertificateJudge } from '#lib/services/event/build.ts';
import { type FollowOptions, followLog } from '#lib/services/log/follow.ts';
import { findLog } from '#lib/services/log/position.ts';
import { rekorTail } from '#lib/services/log/rekor-tail.ts';
import { type ShardToFollow, syncLogs } from '#lib/services/log/sync.ts';
import { ed25519Verifier } from '#lib/tlog/key.ts';
import { compileRules, type WatchRule } from '#lib/watch/rule.ts';
import type { TestContext } from './context.ts';
import type { MintedLog } from './minted-log.ts';
import type { MintedSource } from './minted-source.ts';

/** Takes a minted log into the database. */
export function addLog(ctx: TestContext, log: MintedLog, more: Partial<ShardToFollow> = {}): void {
  addLogs(ctx, [log], more);
}

/** Takes minted logs into the database, and marks all others as removed. */
export function addLogs(ctx: TestContext, minted: readonly MintedLog[], more: Partial<ShardToFollow> = {}): void {
  syncLogs(
    ctx,
    minted.map(({ origin, logId, publicKey }) => ({
      origin,
      readUrl: 'http://127.0.0.1:9',
      logId: logId.toString('hex'),
      keyDetails: 'PKIX_ED25519',
      publicKey,
      source: 'configuration',
      ...more,
    })),
  );
}

const RULES = [{ name: 'anybody', own: true, identity: { exact: 'release-bot@models.example' } }];

/** What it takes to follow a minted log; its entries name nobody, so that all are undecided events. */
export function mintedTail(ctx: TestContext, source: MintedSource, rules: readonly WatchRule[] = RULES) {
  const { origin, rawKey } = source.log;
  return rekorTail(ctx, {
    reader: tileLogReader({ origin, verifiers: [ed25519Verifier(origin, rawKey)], source }),
    format: REKOR_V2,
    rules,
    matcher: compileRules(rules),
    judge: JUDGE_NOTHING,
    policies: NO_POLICIES,
  });
}

/** One round on a minted log. */
export function followMinted(ctx: TestContext, source: MintedSource, options: Partial<FollowOptions> = {}) {
  const { id } = findLog(ctx.database.db, source.log.origin);
  return followLog(ctx, id, { ...mintedTail(ctx, source), start: 0, parallel: 4, ...options });
}

const JUDGE_NOTHING: CertificateJudge = () => ({
  authenticity: 'unverifiable',
  reason: 'No certificate is made here.',
  signedAt: null,
  source: null,
  checks: [],
});
