import type { PingConfig } from '#lib/config/health-schema.ts';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import type { RemoteClient } from '#lib/remote/client.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { getHealth } from './get.ts';

const MAX_ANSWER = 64 * 1024;

/** The sign of life was held back, or could not be given. The message has no more of an address than its host. */
export class PingError extends Error {
  override readonly name = 'PingError';
}

/**
 * Tells a service elsewhere that all that must work does, by asking an address of it. While something fails it is not
 * asked, so that its silence alarms there; where there is an address for failures, that one is asked.
 *
 * @throws {PingError} where it was not told that all is well.
 */
export async function ping(
  ctx: ServiceContext,
  { url, failUrl }: Pick<PingConfig, 'url' | 'failUrl'>,
  client: RemoteClient,
  signal?: AbortSignal,
): Promise<void> {
  const { state, checks } = await getHealth(ctx.database, { now: ctx.now() });
  if (state !== 'failing') {
    await ask(client, url, signal);
    return;
  }
  const [failing] = checks.filter((check) => check.state === 'failing');
  if (failUrl !== undefined) await ask(client, failUrl, signal);
  const told = failUrl === undefined ? 'No sign of life was given' : 'The failure was told';
  throw new PingError(`${told}, because something fails: ${failing?.what ?? state}`);
}

async function ask(client: RemoteClient, url: string, signal: AbortSignal | undefined): Promise<void> {
  try {
    await client.send(url, { limit: MAX_ANSWER, accept: [200, 201, 202, 204], signal });
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    // Its own message has the address, whose path is often all that keeps others from giving signs of life.
    throw new PingError(`The service at ${new URL(url).host} could not be told: ${error.code}.`);
  }
}
