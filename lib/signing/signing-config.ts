import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';
import { AnswerError } from '#lib/remote/answer-error.ts';
import { asList, asMap, asText, asTextOrNull, type JsonMap } from '#lib/remote/strict-answer.ts';
import { serviceUrl } from './service-url.ts';
import { SigningError } from './signing-error.ts';

export interface LogService {
  readonly url: string;
  /** The major version of its API: Rekor v1, or Rekor v2 on tiles. */
  readonly api: 1 | 2;
}

/** The services to sign with. */
export interface SigningServices {
  readonly fulcio: string;
  readonly logs: readonly LogService[];
  readonly timestampAuthorities: readonly string[];
  /** The OpenID Connect issuer where people get tokens; null where none is named. */
  readonly issuer: string | null;
}

interface Service {
  readonly url: string;
  readonly majorApiVersion: number;
  readonly operator: string | null;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

const MEDIA_TYPE = 'application/vnd.dev.sigstore.signingconfig.v0.2+json';
const MAX_BYTES = 1024 * 1024;
const MAX_SERVICES = 100;
const MAX_TEXT = 2048;

/**
 * Reads a Sigstore signing configuration (v0.2) and picks, of the services that are valid now and of an API known here,
 * the newest API of each operator, as many as the selector asks for. A list may be empty: what is needed is decided later.
 *
 * @param now milliseconds since the epoch.
 * @throws {SigningError} naming what is wrong.
 */
export function readSigningConfig(
  bytes: Uint8Array,
  now: number,
): Omit<SigningServices, 'fulcio'> & { fulcio: string | null } {
  return reading(() => {
    const config = readConfig(bytes);
    const pick = (list: string, selection: string | null, versions: readonly number[]) =>
      select(list, readServices(config, list), selection === null ? null : config[selection], versions, now);
    return {
      fulcio: pick('caUrls', null, [1])[0]?.url ?? null,
      logs: pick('rekorTlogUrls', 'rekorTlogConfig', [2, 1]).map(({ url, majorApiVersion }) => ({
        url,
        api: majorApiVersion === 2 ? 2 : 1,
      })),
      timestampAuthorities: pick('tsaUrls', 'tsaConfig', [1]).map(({ url }) => url),
      issuer: pick('oidcUrls', null, [1])[0]?.url ?? null,
    };
  });
}

/** A log that a signing configuration names, whether or not anybody would choose it. */
export type NamedLog = Pick<Service, 'url' | 'majorApiVersion' | 'from' | 'to'>;

/**
 * All transparency logs of a signing configuration (v0.2), whatever their API and validity: where signatures may go.
 *
 * @throws {SigningError} naming what is wrong.
 */
export function readNamedLogs(bytes: Uint8Array): NamedLog[] {
  return reading(() => readServices(readConfig(bytes), 'rekorTlogUrls'));
}

function readConfig(bytes: Uint8Array): JsonMap {
  const config = asMap(parseStrictJson(bytes, { maxBytes: MAX_BYTES }), 'It');
  if (config.mediaType !== MEDIA_TYPE) throw new AnswerError(`Its mediaType is not ${MEDIA_TYPE}.`);
  return config;
}

function reading<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof JsonError || error instanceof AnswerError || error instanceof SigningError)) throw error;
    throw new SigningError(
      `The signing configuration cannot be used. ${error.message} Take the one that your Sigstore instance gives.`,
    );
  }
}

function readServices(config: JsonMap, list: string): Service[] {
  return asList(config[list], list, MAX_SERVICES).map((value, i) => {
    const at = `${list}[${i}]`;
    const { url, majorApiVersion, operator, validFor } = asMap(value, at);
    const { start, end } = asMap(validFor ?? {}, `${at}.validFor`);
    if (!Number.isSafeInteger(majorApiVersion)) throw new AnswerError(`${at}.majorApiVersion is not a number.`);
    return {
      url: serviceUrl(asText(url, `${at}.url`, MAX_TEXT), `${at}.url`),
      majorApiVersion: Number(majorApiVersion),
      operator: asTextOrNull(operator, `${at}.operator`, MAX_TEXT),
      from: readTime(start, `${at}.validFor.start`, Number.NEGATIVE_INFINITY),
      to: readTime(end, `${at}.validFor.end`, Number.POSITIVE_INFINITY),
    };
  });
}

function readTime(value: unknown, at: string, absent: number): number {
  const text = asTextOrNull(value, at, 64);
  if (text === null) return absent;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new AnswerError(`${at} is not a time.`);
  return time;
}

function select(
  list: string,
  services: readonly Service[],
  selection: unknown,
  versions: readonly number[],
  now: number,
): readonly Service[] {
  const usable = services
    .filter(({ majorApiVersion, from, to }) => versions.includes(majorApiVersion) && from <= now && now <= to)
    .sort((a, b) => b.majorApiVersion - a.majorApiVersion);
  const operators = new Set<string>();
  const chosen = usable.filter(({ operator, url }) => {
    const name = operator ?? url;
    return !operators.has(name) && operators.add(name);
  });
  const { selector, count = 1 } = asMap(selection ?? {}, `the selector of ${list}`);
  if (selector === 'ALL') return chosen;
  if (selector !== 'EXACT') return chosen.slice(0, 1);
  if (!Number.isSafeInteger(count) || Number(count) < 1) throw new AnswerError(`The count for ${list} is no count.`);
  if (chosen.length < Number(count)) {
    throw new AnswerError(`It asks for ${count} of ${list}, and has ${chosen.length} that are valid now.`);
  }
  return chosen.slice(0, Number(count));
}
