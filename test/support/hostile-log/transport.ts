import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { failure, type Misbehaviour, type Reply, type Resource, type Stage } from './misbehaviour.ts';

type Code = Parameters<typeof failure>[0];

/** One in how answers to `resource` are sent, whatever the API. */
function sending(
  name: string,
  does: string,
  code: Code,
  resource: Resource,
  reply: (honest: Buffer, stage: Stage) => Reply,
): Misbehaviour {
  const begin = (stage: Stage) => ({
    replies: (asked: { readonly resource: Resource }, honest: Buffer | undefined) =>
      asked.resource === resource ? reply(honest ?? Buffer.alloc(0), stage) : undefined,
  });
  return { name, does, ...failure(code), begin };
}

/** One whose answers never end: the reader's patience must. */
function slow(name: string, does: string, resource: Resource, reply: (honest: Buffer) => Reply): Misbehaviour {
  return { ...sending(name, does, 'timeout', resource, reply), isSlow: true };
}

const DRIP_EVERY = 20;
const HEAD = 'HTTP/1.1 200 OK\r\n';

/** Writes to the bare connection, past all that node:http would put right. */
function raw(response: ServerResponse, text: string): void {
  response.socket?.write(text);
}

/** Writes a piece every few milliseconds until the client goes away. */
function drip(response: ServerResponse, write: () => void): void {
  const timer = setInterval(write, DRIP_EVERY);
  response.socket?.once('close', () => clearInterval(timer));
}

/** Writes as fast as the client takes it, without an end. */
function pour(response: ServerResponse, piece: Buffer): void {
  const more = () => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', more);
  more();
}

const ZEROS = Buffer.alloc(65_536);
/** 60 KiB that would become 60 MB. */
const BOMB = gzipSync(Buffer.alloc(60_000_000));

/** How answers are sent: none of it is of any one API. */
export const TRANSPORT: readonly Misbehaviour[] = [
  slow('never-answers', 'takes the request and says nothing', 'head', () => () => {}),
  slow('slow-loris-headers', 'sends its headers byte by byte, without an end', 'head', () => (response) => {
    raw(response, `${HEAD}x-drip: `);
    drip(response, () => raw(response, 'x'));
  }),
  slow('slow-loris-body', 'sends its note byte by byte, without an end', 'head', () => (response) => {
    response.writeHead(200);
    drip(response, () => response.write('x'));
  }),
  slow('slow-loris-entries', 'sends its entries byte by byte', 'entries', (honest) => (response) => {
    let at = 0;
    response.writeHead(200, { 'content-length': honest.length });
    drip(response, () => response.write(honest.subarray(at, ++at)));
  }),
  slow('hints-without-end', 'sends informational answers without an end', 'head', () => (response) => {
    drip(response, () => raw(response, 'HTTP/1.1 103 Early Hints\r\n\r\n'));
  }),
  sending(
    'closed-at-once',
    'closes the connection in the place of an answer',
    'truncated',
    'head',
    () => (response) => {
      response.socket?.end();
    },
  ),
  sending(
    'reset-in-the-middle',
    'resets the connection in the middle of a bundle',
    'unreachable',
    'entries',
    (honest) => (response) => {
      response.writeHead(200, { 'content-length': honest.length });
      response.write(honest.subarray(0, 100), () => response.socket?.resetAndDestroy());
    },
  ),
  sending('length-too-long', 'announces more bytes than it sends', 'truncated', 'entries', (honest) => (response) => {
    response.writeHead(200, { 'content-length': honest.length + 100 });
    response.write(honest, () => response.socket?.end());
  }),
  sending(
    'length-too-short',
    'announces fewer bytes than it sends',
    'malformed-note',
    'head',
    (honest) => (response) => {
      raw(response, `${HEAD}content-length: ${honest.length - 10}\r\n\r\n${honest}`);
    },
  ),
  sending('length-beyond-all', 'announces an answer of a terabyte', 'too-large', 'entries', () => (response) => {
    raw(response, `${HEAD}content-length: 1000000000000\r\n\r\n`);
    pour(response, ZEROS);
  }),
  sending('gzip-bomb', 'compresses 60 MB into 60 KB and says so', 'malformed-note', 'head', () => (response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': BOMB.length }).end(BOMB);
  }),
  sending('endless-note', 'sends a note without an end, as fast as it can', 'too-large', 'head', () => (response) => {
    response.writeHead(200);
    pour(response, ZEROS);
  }),
  sending(
    'endless-bundle',
    'sends a bundle without an end, as fast as it can',
    'too-large',
    'entries',
    () => (response) => {
      response.writeHead(200);
      pour(response, ZEROS);
    },
  ),
  sending(
    'endless-error',
    'sends the page of a server error without an end',
    'server-error',
    'head',
    () => (response) => {
      response.writeHead(500);
      pour(response, ZEROS);
    },
  ),
  sending('header-flood', 'sends a megabyte of headers', 'unreachable', 'head', () => (response) => {
    raw(response, `${HEAD}${`x-flood: ${'x'.repeat(1000)}\r\n`.repeat(1000)}\r\n`);
  }),
  sending('no-http', 'answers with something that is no HTTP', 'unreachable', 'head', () => (response) => {
    raw(response, 'SSH-2.0-OpenSSH_9.6\r\n');
  }),
  sending(
    'redirect-to-another-host',
    'sends readers to another server',
    'unexpected-status',
    'head',
    (_, { elsewhere }) => ({
      status: 302,
      headers: { location: `${elsewhere}/api/v2/checkpoint` },
    }),
  ),
  sending('no-content', 'answers 204', 'unexpected-status', 'head', () => ({ status: 204 })),
  sending(
    'partial-content',
    'answers 206 with half a bundle',
    'unexpected-status',
    'entries',
    (honest) => (response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-99/200' }).end(honest.subarray(0, 100));
    },
  ),
  sending('too-many-requests', 'asks for seven seconds of peace', 'rate-limited', 'head', () => ({
    status: 429,
    headers: { 'retry-after': '7' },
  })),
  sending('sent-away-for-centuries', 'asks to be left alone for 300 years', 'rate-limited', 'head', () => ({
    status: 429,
    headers: { 'retry-after': '9999999999' },
  })),
  sending('server-errors-for-ever', 'answers 500 for entries, for ever', 'server-error', 'entries', () => ({
    status: 500,
  })),
  sending('gone', 'answers 404 for its checkpoint', 'not-found', 'head', () => ({ status: 404 })),
  sending('empty-answer', 'answers with nothing for its checkpoint', 'malformed-note', 'head', () => Buffer.alloc(0)),
  sending('page-for-a-note', 'answers with a web page for its checkpoint', 'malformed-note', 'head', () =>
    Buffer.from('<!doctype html><title>Welcome</title>'),
  ),
];
