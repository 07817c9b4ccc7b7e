import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { readHashList } from '#lib/hash-list/read.ts';
import { createApi } from '#lib/http/api.ts';
import { registerVersion } from '#lib/services/registration/register.ts';
import { verifyHashList } from '#lib/services/verification/verify.ts';
import { mintHex } from '#test/factories.ts';
import { openScene, standards } from '#test/unit/http/scene.ts';

// Serves the API over a filled database in memory, for tools that try it by its own description: docs/api.md.

const port = Number(process.argv[2] ?? 4102);
const scene = openScene();
const list = readHashList(Buffer.from(`${mintHex('a')}  config.json\n${mintHex('b')}  model.safetensors\n`));
registerVersion(scene.ctx, { model: 'northwind', label: '3.0.0', list, source: 'ci' }, standards);
const input = { list, channel: 'api', source: 'ci', place: null, expect: null } as const;
const { id } = verifyHashList(scene.ctx, input, standards);
const api = createApi({ ...scene.environment, now: Date.now });

// Tools send longer addresses than any client would: the API itself is to answer them.
const server = createServer({ maxHeaderSize: 1024 * 1024 }, async (request, response) => {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const one of [value].flat()) if (one !== undefined) headers.append(name, one);
  }
  const { method = 'GET', url = '/' } = request;
  // No Request of the Fetch standard has this method.
  if (method === 'TRACE') return void response.writeHead(405, { Allow: 'GET, HEAD' }).end();
  const hasBody = method !== 'GET' && method !== 'HEAD' && (request.headers['content-length'] ?? '0') !== '0';
  const body = hasBody || request.headers['transfer-encoding'] ? Readable.toWeb(request) : null;
  try {
    const init = { method, headers, ...(body ? { body, duplex: 'half' } : {}) } as RequestInit;
    const answer = await api.request(new Request(new URL(url, `http://127.0.0.1:${port}`), init));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  } catch (error) {
    response.writeHead(400, { 'Content-Type': 'text/plain' }).end(String(error));
  }
});
server.listen(port, '127.0.0.1', () => {
  console.log(`TOKEN=${scene.token('admin')} VERIFICATION=${id} MODEL=${scene.slug}`);
});
