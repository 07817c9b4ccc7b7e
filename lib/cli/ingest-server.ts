import { z } from 'zod';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import { RemoteClient } from '#lib/remote/client.ts';
import { readSecretFile } from '#lib/remote/secret-file.ts';
import { VERSION } from '#lib/version.ts';
import { UsageError } from './command.ts';
import type { IngestOutcome } from './ingest-outcome.ts';

const MAX_ANSWER = 4 * 1024 * 1024;

const takenSchema = z.object({
  bundles: z.array(
    z.object({
      outcome: z.enum(['accepted', 'refused']),
      bundleId: z.string().nullable(),
      isNew: z.boolean(),
      code: z.string().nullable(),
      reason: z.string().nullable(),
      at: z.string().nullable(),
    }),
  ),
});
const problemSchema = z.object({ code: z.string(), detail: z.string(), at: z.string().nullish() });

/** Hands bundles to a Modeltrail over its API, with a token of the scope `ingest`. */
export class IngestServer {
  readonly #client = new RemoteClient({ userAgent: `Modeltrail/${VERSION}` });
  readonly #url: string;
  readonly #token: string;

  private constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /** @throws {UsageError} where the address or the token cannot be used. */
  static async open(server: string, tokenFile: string): Promise<IngestServer> {
    const url = URL.canParse(server) ? new URL(server) : null;
    const isLocal = url !== null && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname);
    if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLocal))) {
      throw new UsageError(`--server ${server} is no https address: a token is sent there, which others could read.`);
    }
    const token = await readSecretFile(tokenFile).catch((error: Error) => {
      throw new UsageError(error.message);
    });
    return new IngestServer(`${url.href.replace(/\/+$/, '')}/api/v1/bundles`, token);
  }

  /** @throws {UsageError} where the server gives no answer that is one. */
  async ingest(bytes: Uint8Array): Promise<IngestOutcome> {
    try {
      const answer = await this.#client.send(this.#url, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
        body: bytes,
        limit: MAX_ANSWER,
        accept: [200, 401, 403, 413, 422, 503],
      });
      const json: unknown = JSON.parse(Buffer.from(answer.bytes).toString());
      if (answer.status === 200) return toOutcome(takenSchema.parse(json));
      const { code, detail, at = null } = problemSchema.parse(json);
      if (answer.status === 422) return { outcome: 'refused', bundleId: null, isNew: false, code, reason: detail, at };
      throw new UsageError(`${this.#url} answered ${answer.status}: ${detail}`);
    } catch (error) {
      if (error instanceof FetchError) throw new UsageError(error.message);
      if (error instanceof SyntaxError || error instanceof z.ZodError) {
        throw new UsageError(`${this.#url} does not answer as a Modeltrail does. Is the address the right one?`);
      }
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

function toOutcome({ bundles: [first] }: z.infer<typeof takenSchema>): IngestOutcome {
  if (first) return first;
  throw new UsageError('The server took nothing of what it was sent. Is the file empty?');
}
