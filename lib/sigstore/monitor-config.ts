import { readFile, stat } from 'node:fs/promises';
import { JsonError, parseStrictJson } from '#lib/model-signing/strict-json.ts';

/** Where one log is read. */
export interface MonitoredLog {
  /** Without a slash at its end. */
  readonly readUrl: string;
  /** The first line of its checkpoints (C2SP tlog-checkpoint): what joins it with the trust root. */
  readonly logOrigin: string;
  readonly majorApiVersion: number;
}

/** Sigstore's MonitorConfig (protobuf-specs, `dev.sigstore.monitor.v1`). */
export interface MonitorConfig {
  readonly rekorLogs: readonly MonitoredLog[];
  readonly ctLogs: readonly MonitoredLog[];
}

/** The file cannot be used. The message says which, where, what is wrong, and how to mend it. */
export class MonitorConfigError extends Error {
  override readonly name = 'MonitorConfigError';
}

const MAX_BYTES = 1024 * 1024;
const MAX_LOGS = 500;
const MEDIA_TYPE = /^application\/vnd\.dev\.sigstore\.monitorconfig\.v[0-9.]{1,8}\+json$/;
const FIELDS = { rekorLogs: 'rekor_logs', ctLogs: 'ct_logs' } as const;
const LOG_FIELDS = { readUrl: 'read_url', logOrigin: 'log_origin', majorApiVersion: 'major_api_version' } as const;

/** @throws {MonitorConfigError} */
export async function readMonitorConfig(path: string): Promise<MonitorConfig> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES) throw new Error(`it has ${size} bytes, more than ${MAX_BYTES}`);
    bytes = await readFile(path);
  } catch (error) {
    throw new MonitorConfigError(
      `The monitor configuration ${path} cannot be read: ${(error as Error).message}. Correct logs.monitor-config.`,
    );
  }
  try {
    return parseMonitorConfig(bytes);
  } catch (error) {
    if (!(error instanceof MonitorConfigError)) throw error;
    throw new MonitorConfigError(`The monitor configuration ${path} cannot be used. ${error.message}`);
  }
}

/**
 * Reads a MonitorConfig in the JSON of protobuf (either spelling of a field). Logs whose `majorApiVersion` is 0 are not
 * released yet, and are left out. Unknown fields are refused: one that is misspelt would be a log that nobody reads.
 *
 * @throws {MonitorConfigError}
 */
export function parseMonitorConfig(bytes: Uint8Array): MonitorConfig {
  const { mediaType, ...config } = asObject(parse(bytes), 'It');
  if (mediaType !== undefined && !(typeof mediaType === 'string' && MEDIA_TYPE.test(mediaType))) {
    throw refusal('mediaType', 'is not that of a MonitorConfig');
  }
  const { rekorLogs, ctLogs } = fieldsOf(config, FIELDS, '');
  return { rekorLogs: readLogs(rekorLogs, 'rekorLogs'), ctLogs: readLogs(ctLogs, 'ctLogs') };
}

/** Where a log is read by its origin; null where the configuration does not say, or there is none. */
export function readUrlOf(config: MonitorConfig | null, origin: string): string | null {
  const { rekorLogs, ctLogs } = config ?? { rekorLogs: [], ctLogs: [] };
  return [...rekorLogs, ...ctLogs].find(({ logOrigin }) => logOrigin === origin)?.readUrl ?? null;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return parseStrictJson(bytes, { maxBytes: MAX_BYTES });
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new MonitorConfigError(`${error.message} Take the file as it was published.`);
  }
}

function readLogs(value: unknown, at: string): MonitoredLog[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw refusal(at, 'is not a list');
  if (value.length > MAX_LOGS) throw refusal(at, `has more than ${MAX_LOGS} logs`);
  const origins = new Set<string>();
  return value
    .map((log: unknown, i) => readLog(log, `${at}[${i}]`))
    .filter(({ logOrigin, majorApiVersion }, i) => {
      if (origins.has(logOrigin)) throw refusal(`${at}[${i}].logOrigin`, 'stands there twice');
      origins.add(logOrigin);
      return majorApiVersion > 0;
    });
}

function readLog(value: unknown, at: string): MonitoredLog {
  const { readUrl, logOrigin, majorApiVersion = 0 } = fieldsOf(asObject(value, at), LOG_FIELDS, `${at}.`);
  const url = typeof readUrl === 'string' && readUrl.length <= 2048 && URL.canParse(readUrl) ? new URL(readUrl) : null;
  const isPlain = url !== null && `${url.username}${url.password}${url.search}${url.hash}` === '';
  if (!isPlain || !/^https?:$/.test(url.protocol)) throw refusal(`${at}.readUrl`, 'is no http or https address');
  if (typeof logOrigin !== 'string' || !/^[^\p{C}]{1,255}$/u.test(logOrigin)) {
    throw refusal(`${at}.logOrigin`, 'is not the origin of a log');
  }
  if (typeof majorApiVersion !== 'number' || !Number.isInteger(majorApiVersion) || majorApiVersion < 0) {
    throw refusal(`${at}.majorApiVersion`, 'is not a version');
  }
  return { readUrl: url.href.replace(/\/+$/, ''), logOrigin, majorApiVersion };
}

/** The fields of an object under their names in JSON, of which each may be written as in the proto file instead. */
function fieldsOf<K extends string>(
  object: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<K, string>>,
  at: string,
): Partial<Record<K, unknown>> {
  const read: Partial<Record<K, unknown>> = {};
  for (const [key, value] of Object.entries(object)) {
    const name = (Object.keys(fields) as K[]).find((known) => known === key || fields[known] === key);
    if (name === undefined) throw refusal(`${at}${key.slice(0, 60)}`, 'is not a field that is known here');
    if (Object.hasOwn(read, name)) throw refusal(`${at}${name}`, 'stands there twice');
    read[name] = value;
  }
  return read;
}

function asObject(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw refusal(at, 'is not an object');
}

function refusal(at: string, problem: string): MonitorConfigError {
  return new MonitorConfigError(`${at} ${problem}. Take the file as it was published.`);
}
