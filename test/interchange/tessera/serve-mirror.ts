import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { GET } from '#app/mirror/[...path]/route.ts';

export interface MirrorServer {
  /** Of `/mirror`, without a slash behind it. */
  readonly url: string;
  close(): void;
}

/** Serves the mirrors beside `database` on the loopback, by the very handler of the web server. */
export async function serveMirror(database: string): Promise<MirrorServer> {
  process.env.MODELTRAIL_DATABASE = database;
  process.env.MODELTRAIL_CONFIG = `${database}.yaml`;
  const organisation = 'organisation: { name: Test, contact: security@models.example }';
  writeFileSync(process.env.MODELTRAIL_CONFIG, `${organisation}\nlogs: { public-mirrors: true }\n`);
  const server = createServer(async (incoming, outgoing) => {
    const path = (incoming.url ?? '').split('/').slice(2).map(decodeURIComponent);
    const response = await GET(new Request(`http://localhost${incoming.url}`), { params: Promise.resolve({ path }) });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    await pipeline(response.body ? Readable.from(response.body) : Readable.from([]), outgoing).catch(() => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mirror`,
    close: () => server.close().closeAllConnections(),
  };
}
