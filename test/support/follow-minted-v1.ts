import { NO_POLICIES } from '#lib/provenance/expected-signer.ts';
import { HttpReader } from '#lib/rekor/http.ts';
import type { LogReader } from '#lib/rekor/log-reader.ts';
import { RekorV1Api } from '#lib/rekor-v1/api.ts';
import { REKOR_V1 } from '#lib/rekor-v1/entry-format.ts';
import { rekorV1Reader } from '#lib/rekor-v1/tree-reader.ts';
import type { CertificateJudge } from '#lib/services/event/build.ts';
import { followServer } from '#lib/services/log/follow-server.ts';
import { rekorTail } from '#lib/services/log/rekor-tail.ts';
import type { TreeKey } from '#lib/services/log/sync-trees.ts';
import { compileRules, type WatchRule } from '#lib/watch/rule.ts';
import { AnsweringServer } from './answering-server.ts';
import type { TestContext } from './context.ts';
import type { MintedRekorV1 } from './minted-rekor-v1.ts';

const RULES: readonly WatchRule[] = [{ name: 'anybody', own: true, identity: { exact: 'release-bot@models.example' } }];

const JUDGE_NOTHING: CertificateJudge = () => ({
  authenticity: 'unverifiable',
  reason: 'No certificate is made here.',
  signedAt: null,
  source: null,
  checks: [],
});

export interface FollowV1Options {
  readonly start?: 'end' | number;
  readonly reading?: 'entries' | 'index';
  readonly rules?: readonly WatchRule[];
  readonly judge?: CertificateJudge;
}

/** A minted Rekor v1 on the loopback, with readers that live from round to round as the job's do. */
export class ServedRekorV1 {
  readonly minted: MintedRekorV1;
  readonly server: AnsweringServer;
  readonly http: HttpReader;
  readonly api: RekorV1Api;
  #readers = new Map<string, LogReader>();

  private constructor(minted: MintedRekorV1, server: AnsweringServer) {
    this.minted = minted;
    this.server = server;
    this.http = new HttpReader({ userAgent: 'Modeltrail/test', connections: 4, attempts: 2, sleep: async () => {} });
    this.api = new RekorV1Api(this.http, server.url);
  }

  static async start(minted: MintedRekorV1): Promise<ServedRekorV1> {
    const server = await AnsweringServer.start();
    server.answer = minted.answer;
    return new ServedRekorV1(minted, server);
  }

  async stop(): Promise<void> {
    await this.http.close();
    await this.server.stop();
  }

  readonly readerOf = ({ origin, treeId, indexOffset }: TreeKey): LogReader => {
    const place = `${origin} ${indexOffset}`;
    const keys = [this.minted.logKey()];
    const known = this.#readers.get(place);
    const reader = known ?? rekorV1Reader({ origin, treeId: treeId ?? '', indexOffset, keys, api: this.api });
    this.#readers.set(place, reader);
    return reader;
  };

  /** Forgets what the readers saw, as a process that starts again does. */
  restart(): void {
    this.#readers = new Map();
  }

  /** One round, as the job makes it. */
  follow(
    ctx: TestContext,
    { start = 0, reading = 'entries', rules = RULES, judge = JUDGE_NOTHING }: FollowV1Options = {},
  ) {
    const { host, logKey } = this.minted;
    const matcher = compileRules(rules);
    return followServer(ctx, {
      server: {
        instance: host,
        names: [host],
        keys: [logKey.call(this.minted)],
        api: this.api,
        readUrl: this.server.url,
        reading,
        start,
      },
      readerOf: this.readerOf,
      tailOf: (reader) => rekorTail(ctx, { reader, format: REKOR_V1, rules, matcher, judge, policies: NO_POLICIES }),
      parallel: 4,
    });
  }
}
