import { watch } from 'chokidar';
import { ConfigError } from './error.ts';
import { type LoadedConfig, loadConfig } from './load.ts';

export interface ConfigWatchHandlers {
  /** A changed file that is good: use it from now on. */
  readonly onChange: (loaded: LoadedConfig) => void;
  /** A changed file that is not: the configuration in force stays in force. */
  readonly onRefused: (error: ConfigError) => void;
  /** Digest of the configuration in force, if it was loaded before: a change since then is then not missed. */
  readonly inForce?: string;
}

export interface ConfigWatch {
  /** Settled once changes are seen. */
  readonly ready: Promise<void>;
  close(): Promise<void>;
}

/** How often the file is looked at, and how long it must have been left alone before it is read; in ms. */
const LOOK_EVERY = 250;
const SETTLE = 300;

/**
 * Watches a configuration file, however it is replaced. Each new content is told of once, good or not;
 * a good one after a refused one is told of even where it equals the one in force, so that the refusal is over.
 * The file is looked at rather than listened to, which also works on network mounts and swapped links.
 */
export function watchConfig(path: string, { onChange, onRefused, inForce }: ConfigWatchHandlers): ConfigWatch {
  const watcher = watch(path, {
    backend: 'polling',
    pollingInterval: LOOK_EVERY,
    ignoreInitial: true,
    awaitWriteFinish: { stabilityThreshold: SETTLE, pollInterval: LOOK_EVERY / 5 },
  });
  let seen = inForce ?? contentOf(path).id;

  const look = (): void => {
    const content = contentOf(path);
    if (content.id === seen) return;
    seen = content.id;
    if (content.loaded === null) onRefused(content.error);
    else onChange(content.loaded);
  };

  // An error is looked into as well: a file that may not be read is refused, with the reason.
  watcher.on('add', look).on('change', look).on('unlink', look).on('error', look);
  const ready = new Promise<void>((resolve) => {
    watcher.once('ready', () => {
      look();
      resolve();
    });
  });
  return { ready, close: () => watcher.close() };
}

type Content =
  | { readonly id: string; readonly loaded: LoadedConfig }
  | { readonly id: string; readonly loaded: null; readonly error: ConfigError };

/** What the file says now. Refused content is told apart by what is wrong with it. */
function contentOf(path: string): Content {
  try {
    const loaded = loadConfig(path);
    return { id: loaded.sha256, loaded };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { id: error.message, loaded: null, error };
  }
}
