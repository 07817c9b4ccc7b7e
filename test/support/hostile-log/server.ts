import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { MintedLog } from '#test/support/minted-log.ts';
import type { LogApi } from './api.ts';
import type { Asked, Conduct, Misbehaviour, Reply, ShownTree } from './misbehaviour.ts';
import { REKOR_V2_API } from './rekor-v2-api.ts';

/** A log's server on the loopback: honest, until it is told to misbehave. */
export class HostileLog {
  readonly log: MintedLog;
  /** How many entries the honest tree shows. */
  size: number;
  /** Paths asked for, in order. */
  readonly asked: string[] = [];
  readonly #api: LogApi;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #bytesOfClosed = 0;
  #conduct: Conduct = {};
  #rounds = 0;

  private constructor(log: MintedLog, size: number, api: LogApi) {
    this.log = log;
    this.size = size;
    this.#api = api;
    this.#server = createServer((request, response) => this.#serve(request, response));
    this.#server.on('connection', (socket) => this.#count(socket));
    // Clients that go away in the middle of an answer are what is tested.
    this.#server.on('clientError', (_, socket) => socket.destroy());
  }

  static async start(log: MintedLog, size: number, api: LogApi = REKOR_V2_API): Promise<HostileLog> {
    const server = new HostileLog(log, size, api);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Bytes that were handed to the network so far, headers included. */
  get bytesSent(): number {
    return [...this.#sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, this.#bytesOfClosed);
  }

  /** From now on. @param held what it had shown before, and was verified. */
  misbehave(misbehaviour: Misbehaviour, held: number, elsewhere: string): void {
    this.#rounds = 0;
    this.#conduct = misbehaviour.begin({ log: this.log, held, elsewhere });
  }

  behave(): void {
    this.#conduct = {};
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve({ url = '' }: IncomingMessage, response: ServerResponse): void {
    this.asked.push(url);
    const read = this.#api.read(url);
    if (!read) {
      send(response, { status: 404 });
      return;
    }
    if (read.resource === 'head') this.#rounds++;
    const asked: Asked = { ...read, round: this.#rounds };
    const honest: ShownTree = { log: this.log, size: this.size };
    const shown = this.#conduct.shows?.(honest, asked) ?? honest;
    const body =
      asked.resource === 'head'
        ? this.#api.head(shown, this.#conduct.signs?.(shown, asked.round))
        : this.#api.answer(asked, shown);
    send(response, this.#conduct.replies?.(asked, body, shown) ?? body ?? { status: 404 });
  }

  #count(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#bytesOfClosed += socket.bytesWritten;
    });
  }
}

function send(response: ServerResponse, reply: Reply): void {
  if (typeof reply === 'function') reply(response);
  else if (Buffer.isBuffer(reply)) response.writeHead(200, { 'content-length': reply.length }).end(reply);
  else response.writeHead(reply.status, reply.headers ?? {}).end(reply.body ?? '');
}
