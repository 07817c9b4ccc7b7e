import { FetchError } from '#lib/rekor/fetch-error.ts';
import { AnswerError } from '#lib/remote/answer-error.ts';
import type { RemoteAnswer, RemoteClient, RemoteRequest } from '#lib/remote/client.ts';
import { asMap, parseAnswer } from '#lib/remote/strict-answer.ts';
import { SigningError } from './signing-error.ts';

const MAX_ANSWER = 4 * 1024 * 1024;
const MAX_WORDS = 300;
/** What says something of the request, in the service's own words. */
const REFUSALS = [400, 401, 403, 404, 409, 413, 415, 422];

/** One service that takes part in a signature. */
export interface Service {
  /** As messages call it: `The certificate authority`. */
  readonly name: string;
  readonly url: string;
}

export interface ServiceRequest extends Pick<RemoteRequest, 'headers' | 'body' | 'method'> {
  /** From the service's address. */
  readonly path: string;
  /** Statuses that are answers besides 200 and 201. */
  readonly accept?: readonly number[];
  /** What must never be repeated in a message, even where the service repeats it. */
  readonly secret?: string;
}

/**
 * Asks a service once it is needed for a signature; answers are bounded in size and time, redirects are not followed.
 *
 * @throws {SigningError} naming the service, its address and what it said.
 */
export async function askService(
  client: RemoteClient,
  service: Service,
  request: ServiceRequest,
): Promise<RemoteAnswer> {
  const { path, accept = [], secret, ...rest } = request;
  let answer: RemoteAnswer;
  try {
    answer = await client.send(service.url + path, {
      ...rest,
      limit: MAX_ANSWER,
      accept: [200, 201, ...REFUSALS, ...accept],
    });
  } catch (error) {
    if (!(error instanceof FetchError)) throw error;
    throw new SigningError(`${service.name} failed: ${error.message} Try again later, or name another.`);
  }
  if (answer.status === 200 || answer.status === 201 || accept.includes(answer.status)) return answer;
  const words = wordsOf(answer.bytes);
  const shown = secret === undefined ? words : words.replaceAll(secret, '[secret]');
  throw new SigningError(
    `${service.name} ${service.url} refused with status ${answer.status}${shown === '' ? '.' : `: ${shown}`}`,
  );
}

/** @throws {SigningError} where the answer is not one JSON object. */
export function readServiceJson(service: Service, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  return readingAnswer(service, () => asMap(parseAnswer(bytes, 'The answer', MAX_ANSWER), 'The answer'));
}

/** Runs a reader of an answer, and names the service where the answer is not as it must be. */
export function readingAnswer<T>(service: Service, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    throw new SigningError(`${service.name} ${service.url} does not answer as it should. ${error.message}`);
  }
}

function wordsOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.subarray(0, 16 * 1024)).toString('utf8');
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === 'string') return message.slice(0, MAX_WORDS);
  } catch {
    // Words that are no JSON are shown as they are.
  }
  return text.trim().slice(0, MAX_WORDS);
}
