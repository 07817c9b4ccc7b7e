import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { ChannelConfig } from './channel-schema.ts';
import { ConfigError, type ConfigProblem, formatPath } from './error.ts';
import { explain } from './explain.ts';
import { type Config, configSchema } from './schema.ts';
import type { SecretSource } from './secret-schema.ts';
import { listOf, SETTING_SECTION_KEYS, SETTING_SECTIONS } from './setting-sections.ts';
import type { SourceConfig } from './sources-schema.ts';
import { YamlDocument } from './yaml-document.ts';

/** A configuration that was found good, and what it was read from. */
export interface LoadedConfig {
  /** All paths in it are absolute. */
  readonly config: Config;
  /** Absolute. */
  readonly path: string;
  /** Of the file's bytes, lowercase hex: the same digest is the same configuration. */
  readonly sha256: string;
  /** The file's content before defaults and transformations: items from elsewhere are added to this. */
  readonly written: unknown;
  /** The lines, from 1, on which the items of lists begin that can be added to elsewhere. */
  readonly lines: ItemLines;
}

/** By list and place in it. */
export type ItemLines = Readonly<Record<string, readonly number[]>>;

const MAX_BYTES = 1024 * 1024;

/**
 * Reads and checks a configuration file. Relative paths in it start at its folder.
 * Throws ConfigError with every problem found; none of a file with problems is used.
 */
export function loadConfig(path: string): LoadedConfig {
  return parseConfig(readBytes(path), path);
}

/** As `loadConfig`, of bytes already read. `path` is what problems are reported under. */
export function parseConfig(bytes: Uint8Array, path: string): LoadedConfig {
  const document = new YamlDocument(decode(bytes, path));
  if (document.problems.length > 0) {
    throw new ConfigError(document.problems.map((problem) => ({ file: path, key: '', ...problem })));
  }
  const result = configSchema.safeParse(document.value, { reportInput: true });
  if (!result.success) {
    const findings = result.error.issues.flatMap((issue) => explain(issue));
    throw new ConfigError(
      findings
        .map(({ path: keys, at, message, mend }): ConfigProblem => {
          return { file: path, ...document.locate(keys, at), key: formatPath(keys), message, mend };
        })
        .sort((a, b) => a.line - b.line || a.column - b.column),
    );
  }
  const absolute = resolve(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const config = resolvePaths(result.data, dirname(absolute));
  return { config, path: absolute, sha256, written: document.value, lines: linesOf(document) };
}

function linesOf(document: YamlDocument): ItemLines {
  return Object.fromEntries(
    SETTING_SECTION_KEYS.map((key) => {
      const { path } = SETTING_SECTIONS[key];
      return [key, listOf(document.value, key).map((_, i) => document.locate([...path, i], 'value').line)];
    }),
  );
}

/** At most one byte more than is allowed is read, whatever the file's size is said to be. */
function readBytes(path: string): Uint8Array {
  const buffer = Buffer.allocUnsafe(MAX_BYTES + 1);
  let length = 0;
  try {
    const file = openSync(path, 'r');
    try {
      for (let read = -1; read !== 0 && length < buffer.length; length += read) {
        read = readSync(file, buffer, length, buffer.length - length, null);
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw wholeFile(path, `The file cannot be read: ${(error as Error).message}`, 'Create it, or make it readable');
  }
  if (length > MAX_BYTES) throw wholeFile(path, 'The file is larger than 1 MiB', 'Is this the right file');
  return buffer.subarray(0, length);
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw wholeFile(path, 'The file is not UTF-8', 'Save it as UTF-8');
  }
}

function wholeFile(file: string, message: string, mend: string): ConfigError {
  return new ConfigError([{ file, line: 1, column: 1, key: '', message, mend }]);
}

/** Makes all paths of a configuration absolute: relative ones start at the folder of its file. */
export function resolvePaths(config: Config, folder: string): Config {
  const { database, trust, sources, logs, expected } = config;
  return {
    ...config,
    database: resolve(folder, database),
    logs: resolveLogs(logs, folder),
    expected: expected.file === undefined ? expected : { ...expected, file: resolve(folder, expected.file) },
    health: resolveHealth(config.health, folder),
    alerts: { ...config.alerts, channels: config.alerts.channels.map((channel) => resolveChannel(channel, folder)) },
    trust: resolveTrust(trust, folder),
    sources: sources.map((source) => resolveSource(source, folder)),
  };
}

function resolveLogs(logs: Config['logs'], folder: string): Config['logs'] {
  const { monitorConfig, witnessPolicy } = logs;
  return {
    ...logs,
    ...(monitorConfig !== undefined && { monitorConfig: resolve(folder, monitorConfig) }),
    ...(witnessPolicy !== undefined && { witnessPolicy: resolve(folder, witnessPolicy) }),
  };
}

function resolveHealth(health: Config['health'], folder: string): Config['health'] {
  const { canary } = health;
  if (canary === undefined) return health;
  const { token, signingConfig, ...rest } = canary;
  return {
    ...health,
    canary: {
      ...rest,
      token: token.file === undefined ? token : { file: resolve(folder, token.file) },
      ...(signingConfig !== undefined && { signingConfig: resolve(folder, signingConfig) }),
    },
  };
}

function resolveSource(source: SourceConfig, folder: string): SourceConfig {
  if ('directory' in source) return { ...source, directory: resolve(folder, source.directory) };
  if ('folder' in source) return { ...source, folder: resolve(folder, source.folder) };
  if ('github' in source) {
    return source.tokenFile === undefined ? source : { ...source, tokenFile: resolve(folder, source.tokenFile) };
  }
  if ('rekorIndex' in source) return source;
  const { oci, passwordFile } = source;
  return {
    ...source,
    oci: 'layout' in oci ? { layout: resolve(folder, oci.layout) } : oci,
    ...(passwordFile !== undefined && { passwordFile: resolve(folder, passwordFile) }),
  };
}

function resolveChannel(channel: ChannelConfig, folder: string): ChannelConfig {
  if (channel.kind === 'hook') return channel;
  const ca = channel.caFile === undefined ? {} : { caFile: resolve(folder, channel.caFile) };
  const secret = ({ file, ...source }: SecretSource): SecretSource =>
    file === undefined ? source : { file: resolve(folder, file) };
  if (channel.kind === 'email') {
    return { ...channel, ...ca, ...(channel.password === undefined ? {} : { password: secret(channel.password) }) };
  }
  if (channel.kind === 'webhook') return { ...channel, ...ca, secrets: channel.secrets.map(secret) };
  return { ...channel, ...ca, address: secret(channel.address) };
}

function resolveTrust(trust: Config['trust'], folder: string): Config['trust'] {
  const absolute = <File extends { readonly file: string }>(files: readonly File[]) =>
    files.map((named) => ({ ...named, file: resolve(folder, named.file) }));
  const operator = { keys: absolute(trust.keys), authorities: absolute(trust.authorities) };
  if ('file' in trust) return { file: resolve(folder, trust.file), ...operator };
  const { root, ...tuf } = trust.tuf;
  return { tuf: root === undefined ? tuf : { ...tuf, root: resolve(folder, root) }, ...operator };
}
