import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface GivenAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface AskedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The body as it came, for what is no text. */
  readonly bytes: Buffer;
}

/** A server on the loopback that answers as the test says; 404 where it says nothing. */
export class AnsweringServer {
  readonly asked: AskedRequest[] = [];
  readonly #server: Server;
  answer: (request: AskedRequest) => GivenAnswer | undefined = () => undefined;

  private constructor() {
    this.#server = createServer((incoming, outgoing) => {
      const pieces: Buffer[] = [];
      incoming.on('data', (piece: Buffer) => pieces.push(piece));
      incoming.on('end', () => {
        const { method = '', url: path = '', headers } = incoming;
        const bytes = Buffer.concat(pieces);
        const request = { method, path, headers, body: bytes.toString(), bytes };
        this.asked.push(request);
        const { status = 200, headers: given = {}, body = '' } = this.answer(request) ?? { status: 404 };
        outgoing.writeHead(status, given).end(body);
      });
    });
  }

  static async start(): Promise<AnsweringServer> {
    const server = new AnsweringServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}`;
  }

  paths(): string[] {
    return this.asked.map(({ path }) => path);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
