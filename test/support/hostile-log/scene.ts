import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { NO_POLICIES } from '#lib/provenance/expected-signer.ts';
import { REKOR_V2 } from '#lib/rekor/entry-format.ts';
import { HttpReader } from '#lib/rekor/http.ts';
import { rekorTileSource } from '#lib/rekor/tile-client.ts';
import { tileLogReader } from '#lib/rekor/tile-log.ts';
import { type FollowResult, followLog } from '#lib/services/log/follow.ts';
import { findLog } from '#lib/services/log/position.ts';
import { rekorTail } from '#lib/services/log/rekor-tail.ts';
import { judgeCertificate } from '#lib/sigstore/authenticity.ts';
import { parseTrustedRoot } from '#lib/sigstore/trusted-root.ts';
import { ed25519Verifier } from '#lib/tlog/key.ts';
import { compileRules } from '#lib/watch/rule.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { openContext } from '#test/support/context.ts';
import { factsOf } from '#test/support/database-dump.ts';
import { addLogs } from '#test/support/follow-minted.ts';
import { MintedLog } from '#test/support/minted-log.ts';
import { HOSTILE_ENTRIES, WATCHED } from './entries.ts';
import type { Misbehaviour } from './misbehaviour.ts';
import { noise } from './noise.ts';
import { HostileLog } from './server.ts';

const RULES = [{ name: 'release bot', own: true, identity: { exact: WATCHED } }];
const ROOT = parseTrustedRoot(
  readFileSync(fileURLToPath(new URL('../../fixtures/bundles/trusted_root.json', import.meta.url))),
);

/** Milliseconds that a reader waits for logs that are slow, and for those that are not. */
const SHORT = { timeout: 150, deadline: 400 };
const USUAL = { timeout: 20_000, deadline: 60_000 };

/** What is verified before the log misbehaves, and how large it is by then. */
export const HELD = 700;
export const GROWN = 1100;

const [nul, unknown] = HOSTILE_ENTRIES.filter(({ name }) => name === 'nul-in-san' || name === 'unknown-kind').map(
  ({ bytes }) => bytes,
);
const empty = Buffer.alloc(0);

/** The log that misbehaves, with some events before and behind what is held, and the one beside it. */
const LOG = new MintedLog('hostile.example', generateKeyPairSync('ed25519')).add(
  ...noise('early', 100),
  nul ?? empty,
  ...noise('held', HELD - 101),
  unknown ?? empty,
  ...noise('late', GROWN - HELD - 2),
  nul ?? empty,
);
const NEIGHBOUR = new MintedLog('neighbour.example', generateKeyPairSync('ed25519')).add(
  ...noise('neighbour', 299),
  nul ?? empty,
  ...noise('more', 300),
);

/** Two logs in one database, both behind real servers. */
export class HostileScene {
  readonly ctx = openContext();
  readonly hostile: HostileLog;
  readonly neighbour: HostileLog;
  /** A server that nobody may ask. */
  readonly elsewhere: AnsweringServer;
  /** Milliseconds that readers would have waited between attempts. */
  readonly waits: number[] = [];

  private constructor(hostile: HostileLog, neighbour: HostileLog, elsewhere: AnsweringServer) {
    this.hostile = hostile;
    this.neighbour = neighbour;
    this.elsewhere = elsewhere;
    addLogs(this.ctx, [hostile.log, neighbour.log]);
  }

  /** @param log that misbehaves, at the size `held`, which is verified, as is the other. */
  static async open(log = LOG, held = HELD): Promise<HostileScene> {
    const hostile = await HostileLog.start(log, held);
    const scene = new HostileScene(hostile, await HostileLog.start(NEIGHBOUR, 300), await AnsweringServer.start());
    await scene.follow(scene.hostile);
    await scene.follow(scene.neighbour);
    return scene;
  }

  /** The log has grown, and misbehaves from now on. */
  misbehave(misbehaviour: Misbehaviour): void {
    this.hostile.size = this.hostile.log.size;
    this.hostile.misbehave(misbehaviour, HELD, this.elsewhere.url);
  }

  /** One round on a log, through HTTP. */
  async follow({ log, url }: HostileLog, { isSlow = false, isKeyExpired = false } = {}): Promise<FollowResult> {
    const http = new HttpReader({
      userAgent: 'Modeltrail/test (+mailto:security@models.example)',
      connections: 4,
      attempts: 2,
      random: () => 1,
      sleep: async (ms) => void this.waits.push(ms),
      ...(isSlow ? SHORT : USUAL),
    });
    const { origin, rawKey } = log;
    const source = rekorTileSource(http, url);
    try {
      this.ctx.tick(1000);
      return await followLog(this.ctx, findLog(this.ctx.database.db, origin).id, {
        ...rekorTail(this.ctx, {
          reader: tileLogReader({ origin, verifiers: [ed25519Verifier(origin, rawKey)], source }),
          format: REKOR_V2,
          rules: RULES,
          matcher: compileRules(RULES),
          judge: (certificate, seenAt) => judgeCertificate(certificate, ROOT, { seenAt }),
          policies: NO_POLICIES,
        }),
        start: 0,
        parallel: 4,
        keyValidUntil: isKeyExpired ? this.ctx.now() - 1 : null,
      });
    } finally {
      await http.close();
    }
  }

  /** All that is held to be true: cursors, coverage, events, and the notes that were verified. */
  truth(): object {
    const { faults: _, ...facts } = factsOf(this.ctx.database.sqlite);
    // What was signed, without the signatures.
    const sql = `SELECT l.origin, c.size, substr(c.note, 1, instr(c.note, char(10) || char(10))) AS text FROM checkpoints c JOIN logs l ON l.id = c.log_id WHERE c.state = 'verified' ORDER BY 1, 2, 3`;
    return { ...facts, verified: this.ctx.database.sqlite.prepare(sql).all() };
  }

  async close(): Promise<void> {
    await Promise.all([this.hostile.stop(), this.neighbour.stop(), this.elsewhere.stop()]);
    this.ctx.database.close();
  }
}
