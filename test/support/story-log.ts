import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoryFacts } from '#test/story/facts.ts';
import { RecordedLog } from './recorded-log.ts';
import { readStory, STORY_DIRECTORY } from './story.ts';

/** A GET or HEAD for a resource of a log, such as `checkpoint` or `tile/0/000.p/44`. */
export interface StoryRequest {
  readonly origin: string;
  readonly resource: string;
  /** The log's size at the time. */
  readonly size: number;
  /** How often this resource was asked for, this request included. */
  readonly attempt: number;
}

export interface StoryResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Milliseconds before the answer begins. */
  readonly delay?: number;
  /** Bytes of the body after which the connection is broken off, though Content-Length promises all of it. */
  readonly cutAfter?: number;
}

/** What a hostile or ailing log answers in the place of the honest response; undefined leaves it. */
export type Fault = (request: StoryRequest, honest: StoryResponse) => StoryResponse | undefined;

export interface StoryLogOptions {
  readonly directory?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Size to start at by origin; without one, a log starts at its first recorded checkpoint, which is empty. */
  readonly sizes?: Readonly<Record<string, number>>;
}

const PREFIX = /^\/([^/]+)(?:\/api\/v2)?\/(.+)$/;

/**
 * Serves the logs of the recorded story on the loopback as Rekor v2 does: C2SP tlog-tiles below `/<origin>/` and below
 * `/<origin>/api/v2/`. Each log stands at the size of one of its recorded checkpoints and moves to the next by `grow`.
 */
export class StoryLogServer {
  /** Put in a function to have requests answered wrongly. */
  fault: Fault = () => undefined;
  /** `<origin>/<resource>` of each request, in order. */
  readonly asked: string[] = [];
  readonly facts: StoryFacts;
  readonly #logs: ReadonlyMap<string, RecordedLog>;
  readonly #server: Server;
  readonly #closing = new AbortController();

  private constructor(facts: StoryFacts, logs: ReadonlyMap<string, RecordedLog>) {
    this.facts = facts;
    this.#logs = logs;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  static async open(options: StoryLogOptions = {}): Promise<StoryLogServer> {
    const { directory = STORY_DIRECTORY, port = 0, sizes = {} } = options;
    const facts = readStory(directory);
    const logs = facts.logs.map((log) => new RecordedLog(directory, log, sizes[log.origin]));
    const opened = new StoryLogServer(facts, new Map(logs.map((log) => [log.origin, log])));
    opened.#server.listen(port, '127.0.0.1');
    await once(opened.#server, 'listening');
    return opened;
  }

  get origins(): string[] {
    return [...this.#logs.keys()];
  }

  /** Where a log is read, without a slash at the end. */
  url(origin: string): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/${this.log(origin).origin}`;
  }

  /** The log, to see or set its size. */
  log(origin: string): RecordedLog {
    const log = this.#logs.get(origin);
    if (log === undefined) throw new Error(`The story has no log ${origin}, only ${this.origins.join(' and ')}`);
    return log;
  }

  /** Moves one log, or each, to its next recorded checkpoint. False when there was none left. */
  grow(origin?: string): boolean {
    const logs = origin === undefined ? [...this.#logs.values()] : [this.log(origin)];
    return logs.map((log) => log.grow()).includes(true);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [, origin = '', resource = ''] = PREFIX.exec(pathname) ?? [];
    const log = this.#logs.get(origin);
    const honest = log === undefined ? NOT_FOUND : honestResponse(request, log, resource);
    this.asked.push(`${origin}/${resource}`);
    const attempt = this.asked.filter((asked) => asked === `${origin}/${resource}`).length;
    const answer = this.fault({ origin, resource, size: log?.size ?? 0, attempt }, honest) ?? honest;
    if (answer.delay !== undefined) await sleep(answer.delay, undefined, { signal: this.#closing.signal });
    send(request, response, answer);
  }
}

const NOT_FOUND: StoryResponse = {
  status: 404,
  headers: { 'content-type': 'text/plain' },
  body: Buffer.from('not found\n'),
};

function honestResponse(request: IncomingMessage, log: RecordedLog, resource: string): StoryResponse {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return { status: 405, headers: { allow: 'GET, HEAD' }, body: new Uint8Array() };
  }
  const body = log.read(resource);
  if (body === undefined) return NOT_FOUND;
  const isCheckpoint = resource === 'checkpoint';
  const headers = {
    etag: `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`,
    'cache-control': isCheckpoint ? 'no-cache' : 'public, max-age=604800, immutable',
    'content-type': isCheckpoint ? 'text/plain; charset=utf-8' : 'application/octet-stream',
  };
  if (request.headers['if-none-match'] === headers.etag) return { status: 304, headers, body: new Uint8Array() };
  return { status: 200, headers, body };
}

function send(request: IncomingMessage, response: ServerResponse, answer: StoryResponse): void {
  const { status, headers, body, cutAfter } = answer;
  response.writeHead(status, status === 304 ? headers : { 'content-length': String(body.length), ...headers });
  if (request.method === 'HEAD') response.end();
  else if (cutAfter === undefined) response.end(body);
  else response.write(body.subarray(0, cutAfter), () => response.destroy());
}
