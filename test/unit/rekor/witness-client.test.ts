import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HttpReader } from '#lib/rekor/http.ts';
import { fetchWitnessCheckpoint, witnessCheckpointUrl } from '#lib/rekor/witness-client.ts';
import { AnsweringServer } from '#test/support/answering-server.ts';

const ORIGIN = 'log.example/ä';
const HASH = createHash('sha256').update(ORIGIN).digest('hex');
let server: AnsweringServer;
const http = new HttpReader({ userAgent: 'test', connections: 1, attempts: 1, sleep: async () => undefined });

beforeAll(async () => {
  server = await AnsweringServer.start();
});
beforeEach(() => {
  server.asked.length = 0;
  server.answer = () => undefined;
});
afterAll(async () => {
  await http.close();
  await server.stop();
});

describe("a witness's checkpoint", () => {
  it('is fetched by the hash of the origin, with or without a slash behind the prefix', async () => {
    server.answer = ({ path }) => (path === `/w1/${HASH}/checkpoint` ? { body: 'note' } : undefined);
    for (const prefix of [`${server.url}/w1`, `${server.url}/w1/`]) {
      const bytes = await fetchWitnessCheckpoint(http, prefix, ORIGIN);
      expect(Buffer.from(bytes ?? []).toString()).toBe('note');
    }
    expect(witnessCheckpointUrl('https://w.example', ORIGIN)).toBe(`https://w.example/${HASH}/checkpoint`);
  });

  it('is none where the witness never cosigned the log', async () => {
    expect(await fetchWitnessCheckpoint(http, server.url, ORIGIN)).toBeNull();
  });

  it('is no longer than a note may be', async () => {
    server.answer = () => ({ body: 'x'.repeat(64 * 1024 + 1) });
    await expect(fetchWitnessCheckpoint(http, server.url, ORIGIN)).rejects.toMatchObject({ code: 'too-large' });
  });

  it('is not sought where the witness redirects to, nor taken from an error', async () => {
    server.answer = () => ({ status: 302, headers: { location: '/elsewhere' } });
    await expect(fetchWitnessCheckpoint(http, server.url, ORIGIN)).rejects.toMatchObject({ code: 'unexpected-status' });
    server.answer = () => ({ status: 503, body: 'note' });
    await expect(fetchWitnessCheckpoint(http, server.url, ORIGIN)).rejects.toMatchObject({ code: 'server-error' });
    expect(server.paths()).not.toContain('/elsewhere');
  });
});
