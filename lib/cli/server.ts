import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { FetchError } from '#lib/rekor/fetch-error.ts';
import { RemoteClient } from '#lib/remote/client.ts';
import { readSecretFile } from '#lib/remote/secret-file.ts';
import { VERSION } from '#lib/version.ts';
import { UsageError } from './command.ts';

const MAX_ANSWER = 64 * 1024 * 1024;
const LOCAL = /^(?:localhost|127\.0\.0\.1|\[::1\])$/;
const PROBLEMS = [400, 401, 403, 404, 409, 413, 415, 422, 429, 503];

const problemSchema = z.object({ code: z.string(), detail: z.string(), at: z.string().nullish() });

/** What a server said against a request (RFC 9457). */
export interface ServerProblem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  /** Where in what was sent; null where the server does not say. */
  readonly at: string | null;
}

export type ServerAnswer<T> =
  | { readonly isGood: true; readonly value: T }
  | { readonly isGood: false; readonly problem: ServerProblem };

interface ServerRequest<T> {
  /** What a good answer must be. */
  readonly schema: z.ZodType<T>;
  /** Statuses whose problems the caller explains; every other one is an error. */
  readonly explained?: readonly number[];
}

/** A Modeltrail elsewhere, over its API. A request is sent again where it failed in a way that may pass, and counts once. */
export class ModeltrailServer {
  readonly #client = new RemoteClient({ userAgent: `Modeltrail/${VERSION}` });
  /** Without a slash at its end. */
  readonly url: string;
  readonly #token: string | null;

  private constructor(url: string, token: string | null) {
    this.url = url;
    this.#token = token;
  }

  /**
   * @param tokenFile its first line is the token; undefined for the one in the environment, MODELTRAIL_TOKEN, or none.
   * @throws {UsageError} where the address or the token cannot be used.
   */
  static async open(server: string, tokenFile?: string): Promise<ModeltrailServer> {
    const url = URL.canParse(server) ? new URL(server) : null;
    const isLocal = url !== null && LOCAL.test(url.hostname);
    if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLocal))) {
      const why =
        tokenFile === undefined ? 'its answers could be forged' : 'a token is sent there, which others could read';
      throw new UsageError(`--server ${server} is no https address: ${why}.`);
    }
    if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') {
      throw new UsageError(`--server ${url.origin} has more than an address and a path. Leave out the rest.`);
    }
    const token =
      tokenFile === undefined
        ? tokenOfEnvironment()
        : await readSecretFile(tokenFile).catch((error: Error) => {
            throw new UsageError(error.message);
          });
    return new ModeltrailServer(url.href.replace(/\/+$/, ''), token);
  }

  /** @param path below `/api/v1`, with its query. @throws {UsageError} where no answer comes that is one. */
  get<T>(path: string, request: ServerRequest<T>): Promise<ServerAnswer<T>> {
    return this.#send('GET', path, {}, undefined, request);
  }

  /** As `get`, with a body of the media type `type`. */
  post<T>(
    path: string,
    { body, type, ...request }: ServerRequest<T> & { readonly body: string | Uint8Array; readonly type: string },
  ): Promise<ServerAnswer<T>> {
    const headers = { 'content-type': type, 'idempotency-key': randomUUID() };
    return this.#send('POST', path, headers, body, request);
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #send<T>(
    method: 'GET' | 'POST',
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string | Uint8Array | undefined,
    { schema, explained = [] }: ServerRequest<T>,
  ): Promise<ServerAnswer<T>> {
    const url = `${this.url}/api/v1${path}`;
    const authorization = this.#token === null ? {} : { authorization: `Bearer ${this.#token}` };
    try {
      const answer = await this.#client.send(url, {
        method,
        headers: { ...headers, ...authorization },
        ...(body !== undefined && { body }),
        limit: MAX_ANSWER,
        accept: [200, 201, ...PROBLEMS],
      });
      const json: unknown = JSON.parse(Buffer.from(answer.bytes).toString());
      const { status } = answer;
      if (status < 300) return { isGood: true, value: schema.parse(json) };
      const { code, detail, at = null } = problemSchema.parse(json);
      if (explained.includes(status)) return { isGood: false, problem: { status, code, detail, at } };
      throw new UsageError(`${url} answered ${status}: ${detail}`);
    } catch (error) {
      if (error instanceof FetchError) throw new UsageError(error.message);
      if (error instanceof SyntaxError || error instanceof z.ZodError) {
        throw new UsageError(`${url} does not answer as a Modeltrail does. Is the address the right one?`);
      }
      throw error;
    }
  }
}

/** A token in the environment, as pipelines hold their secrets; null without one. @throws {UsageError} */
function tokenOfEnvironment(): string | null {
  const token = process.env.MODELTRAIL_TOKEN?.trim() ?? '';
  if (token === '') return null;
  if (/^[\x21-\x7e]{1,200}$/.test(token)) return token;
  throw new UsageError('MODELTRAIL_TOKEN holds no token: it has white space, or more than ASCII.');
}
