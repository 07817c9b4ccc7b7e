import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import { HttpReader } from '#lib/rekor/http.ts';

let server: Server | undefined;
let reader: HttpReader | undefined;

afterEach(async () => {
  await reader?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
}

/** A reader whose waits end at once and are written down. */
function readerWith(options: { attempts?: number; timeout?: number; deadline?: number } = {}) {
  const waits: number[] = [];
  reader = new HttpReader({
    userAgent: 'Modeltrail/test (+mailto:security@models.example)',
    connections: 4,
    attempts: 3,
    random: () => 1,
    sleep: async (ms) => {
      waits.push(ms);
    },
    ...options,
  });
  return { reader, waits };
}

async function failure(promise: Promise<unknown>): Promise<FetchError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(FetchError);
  return error as FetchError;
}

describe('HttpReader', () => {
  it('says who asks, and reads the bytes', async () => {
    let agent: string | undefined;
    const url = await serve((request, response) => {
      agent = request.headers['user-agent'];
      response.end('bytes');
    });
    const bytes = await readerWith().reader.get(url, 5);
    expect(Buffer.from(bytes).toString()).toBe('bytes');
    expect(agent).toBe('Modeltrail/test (+mailto:security@models.example)');
  });

  it('tries again after 500 with growing waits, and gives what then comes', async () => {
    let requests = 0;
    const url = await serve((_, response) => {
      response.statusCode = ++requests < 3 ? 500 : 200;
      response.end('ok');
    });
    const { reader, waits } = readerWith();
    expect(Buffer.from(await reader.get(url, 10)).toString()).toBe('ok');
    expect(waits).toEqual([250, 500]);
  });

  it('waits as long as Retry-After says', async () => {
    let requests = 0;
    const url = await serve((_, response) => {
      response.writeHead(++requests === 1 ? 429 : 200, { 'retry-after': '7' });
      response.end('ok');
    });
    const { reader, waits } = readerWith();
    await reader.get(url, 10);
    expect(waits).toEqual([7000]);
  });

  it('does not sit out a Retry-After of an hour, but says how long it is', async () => {
    const url = await serve((_, response) => response.writeHead(429, { 'retry-after': '3600' }).end());
    const { reader, waits } = readerWith();
    const error = await failure(reader.get(url, 10));
    expect(error.code).toBe('rate-limited');
    expect(error.retryAfter).toBe(3_600_000);
    expect(waits).toEqual([]);
  });

  it('asks once for what is not there', async () => {
    let requests = 0;
    const url = await serve((_, response) => {
      requests++;
      response.writeHead(404).end();
    });
    expect((await failure(readerWith().reader.get(url, 10))).code).toBe('not-found');
    expect(requests).toBe(1);
  });

  it('follows no redirect', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end());
    const error = await failure(readerWith().reader.get(url, 10));
    expect(error.code).toBe('unexpected-status');
    expect(error.message).toContain('redirects are not followed');
  });

  it('refuses an announced length over the limit without reading it', async () => {
    const url = await serve((_, response) => response.writeHead(200, { 'content-length': '1000000000' }).write('x'));
    expect((await failure(readerWith().reader.get(url, 100))).code).toBe('too-large');
  });

  it('stops reading an unannounced body at the limit', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200);
      const more = () => {
        while (response.write(Buffer.alloc(65_536)));
        response.once('drain', more);
      };
      more();
    });
    expect((await failure(readerWith().reader.get(url, 1000))).code).toBe('too-large');
  });

  it('names an answer that ends before its announced length', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half', () => response.destroy());
    });
    expect((await failure(readerWith({ attempts: 1 }).reader.get(url, 100))).code).toBe('truncated');
  });

  it('gives up on a server that never answers', async () => {
    const url = await serve(() => {});
    expect((await failure(readerWith({ attempts: 1, timeout: 50 }).reader.get(url, 100))).code).toBe('timeout');
  });

  it('gives up on a server that drips bytes for ever', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write('.'), 10);
      response.once('close', () => clearInterval(drip));
    });
    expect((await failure(readerWith({ attempts: 1, deadline: 100 }).reader.get(url, 10_000))).code).toBe('timeout');
  });

  it('names a server that is not there', async () => {
    const url = await serve((_, response) => response.end());
    server?.close();
    server = undefined;
    expect((await failure(readerWith({ attempts: 1 }).reader.get(url, 100))).code).toBe('unreachable');
  });

  it('stops at once when told to', async () => {
    const url = await serve(() => {});
    const stop = new AbortController();
    const reading = readerWith().reader.get(url, 100, stop.signal);
    stop.abort();
    await expect(reading).rejects.toThrow();
  });
});

describe('HttpReader.post', () => {
  it('sends JSON, and tries again as a GET is tried', async () => {
    const asked: string[] = [];
    const url = await serve((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        asked.push(`${request.method} ${request.headers['content-type']} ${Buffer.concat(pieces)}`);
        if (asked.length === 1) response.writeHead(503, { 'retry-after': '2' }).end();
        else response.end('answer');
      });
    });
    const { reader: own, waits } = readerWith();
    expect(Buffer.from(await own.post(url, { a: [1] }, 100)).toString()).toBe('answer');
    expect(asked).toEqual(['POST application/json {"a":[1]}', 'POST application/json {"a":[1]}']);
    expect(waits).toEqual([2000]);
  });

  it('is bounded as a GET is', async () => {
    const url = await serve((_, response) => response.end('x'.repeat(200)));
    expect((await failure(readerWith().reader.post(url, {}, 100))).code).toBe('too-large');
  });
});

describe('a server that wants fewer requests', () => {
  it.each([429, 503])('gets half as many at once after %i, and more again while it answers', async (status) => {
    let refused = 0;
    const url = await serve((_, response) => {
      if (refused++ < 1) response.writeHead(status).end();
      else response.end('answer');
    });
    const { reader: own } = readerWith();
    expect(own.allowed).toBe(4);
    await own.get(url, 100);
    expect(own.allowed).toBe(2);
    for (let i = 0; i < 8; i++) await own.get(url, 100);
    expect(own.allowed).toBe(4);
  });

  it('is not taken for one that merely fails', async () => {
    let failed = 0;
    const url = await serve((_, response) => {
      if (failed++ < 1) response.writeHead(500).end();
      else response.end('answer');
    });
    const { reader: own } = readerWith();
    await own.get(url, 100);
    expect(own.allowed).toBe(4);
  });
});
