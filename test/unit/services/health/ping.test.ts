import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RemoteClient } from '#lib/remote/client.ts';
import { PingError, ping } from '#lib/services/health/ping.ts';
import { mintCoverage, mintLog } from '#test/factories.ts';
import { mintConfiguration, mintJobs } from '#test/state-factories.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';
import { openContext, type TestContext } from '#test/support/context.ts';

let ctx: TestContext;
let server: AnsweringServer;
const client = new RemoteClient({ userAgent: 'test', attempts: 1 });

beforeEach(async () => {
  ctx = openContext();
  server = await AnsweringServer.start();
  server.answer = () => ({ status: 204 });
});
afterEach(async () => {
  await server.stop();
  ctx.database.close();
});

function mintWell() {
  mintConfiguration(ctx.database, { trustLoadedAt: ctx.now() });
  mintJobs(ctx.database, ctx.now());
  mintCoverage(ctx.database, mintLog(ctx.database, { lastSuccessAt: ctx.now() }), 0, 1000);
}

const settings = () => ({ url: `${server.url}/secret?a=b`, failUrl: `${server.url}/secret/fail` });
const failureOf = async (promise: Promise<void>) =>
  promise.then(
    () => null,
    (error: unknown) => error as Error,
  );

describe('the sign of life', () => {
  it('is given while all that must work does', async () => {
    mintWell();
    await ping(ctx, settings(), client);
    expect(server.paths()).toEqual(['/secret?a=b']);
  });

  it('is not given once a log is silent for too long; the address for failures is asked where there is one', async () => {
    mintWell();
    ctx.tick(3_600_000);
    const failure = await failureOf(ping(ctx, { url: settings().url }, client));
    expect(failure).toBeInstanceOf(PingError);
    expect(server.paths()).toEqual([]);
    expect((await failureOf(ping(ctx, settings(), client)))?.message).toMatch(/The failure was told, because/);
    expect(server.paths()).toEqual(['/secret/fail']);
  });

  it('that could not be given says so, and never repeats more of the address than its host', async () => {
    mintWell();
    for (const status of [404, 500, 302]) {
      server.answer = () => ({ status, headers: { location: '/elsewhere' } });
      const failure = await failureOf(ping(ctx, settings(), client));
      expect(failure).toBeInstanceOf(PingError);
      expect(failure?.message).toContain(server.host);
      expect(failure?.message).not.toContain('secret');
    }
    expect(server.paths().filter((path) => path.includes('elsewhere'))).toEqual([]);
  });
});
