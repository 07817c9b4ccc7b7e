// Serves a generated log at one size, from the disk's cache: arguments are its folder and the size.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseTilePath, TILE_WIDTH } from '#lib/tlog/tile.ts';

const [folder = '', size = ''] = process.argv.slice(2);
const PREFIX = '/api/v2/';

async function read(resource: string): Promise<Buffer> {
  if (resource === 'checkpoint') return readFile(join(folder, 'checkpoints', size));
  const name = parseTilePath(resource);
  if (name.width === TILE_WIDTH) return readFile(join(folder, resource));
  // A partial tile of a smaller size is the start of what the generated log has in that place.
  const full = resource.replace(/\.p\/\d+$/, '');
  const bytes = await readFile(join(folder, full)).catch(() => readFile(join(folder, resource)));
  return name.kind === 'tile' ? bytes.subarray(0, name.width * 32) : bytes.subarray(0, endOf(bytes, name.width));
}

function endOf(bundle: Buffer, entries: number): number {
  let at = 0;
  for (let i = 0; i < entries; i++) at += 2 + bundle.readUInt16BE(at);
  return at;
}

const server = createServer((request, response) => {
  read((request.url ?? '').slice(PREFIX.length)).then(
    (body) => response.writeHead(200, { 'content-length': body.length }).end(body),
    () => response.writeHead(404).end(),
  );
});
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
