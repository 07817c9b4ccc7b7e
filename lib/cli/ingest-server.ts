import { z } from 'zod';
import { UsageError } from './command.ts';
import type { IngestOutcome } from './ingest-outcome.ts';
import { ModeltrailServer } from './server.ts';

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

/** Hands bundles to a Modeltrail over its API, with a token of the scope `ingest`. */
export class IngestServer {
  readonly #server: ModeltrailServer;

  private constructor(server: ModeltrailServer) {
    this.#server = server;
  }

  /** @throws {UsageError} where the address or the token cannot be used. */
  static async open(server: string, tokenFile: string): Promise<IngestServer> {
    return new IngestServer(await ModeltrailServer.open(server, tokenFile));
  }

  /** @throws {UsageError} where the server gives no answer that is one. */
  async ingest(bytes: Uint8Array): Promise<IngestOutcome> {
    const answer = await this.#server.post('/bundles', {
      body: bytes,
      type: 'application/json',
      schema: takenSchema,
      explained: [422],
    });
    if (!answer.isGood) {
      const { code, detail: reason, at } = answer.problem;
      return { outcome: 'refused', bundleId: null, isNew: false, code, reason, at };
    }
    const [first] = answer.value.bundles;
    if (first) return first;
    throw new UsageError('The server took nothing of what it was sent. Is the file empty?');
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}
