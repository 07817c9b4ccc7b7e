import { type FSWatcher, watch } from 'chokidar';
import { FileNotUsableError } from '#lib/config/compose.ts';
import { ConfigError } from '#lib/config/error.ts';
import { type LoadedConfig, loadConfig } from '#lib/config/load.ts';
import type { Config } from '#lib/config/schema.ts';
import { type ConfigWatch, watchConfig } from '#lib/config/watch-file.ts';
import { type EffectiveConfig, effectiveConfig } from '#lib/services/config/effective.ts';
import { readComposition, recordComposition } from '#lib/services/config/record-composition.ts';
import { lastConfigInForce, recordConfigRefused } from '#lib/services/config/record-state.ts';
import { type SettingsWatch, watchSettings } from '#lib/services/config/watch-settings.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { createEngine, type Engine } from './engine.ts';
import { Scheduler } from './scheduler.ts';
import { sourceJobName } from './source-jobs.ts';

/**
 * Keeps one engine in force, and replaces it when the configuration or the trust root changes for a good one. The
 * configuration is the file with what was set in the browser (lib/services/config/effective.ts).
 */
export class JobsRuntime {
  readonly #ctx: ServiceContext;
  readonly #path: string;
  readonly #scheduler: Scheduler;
  #engine: Engine | null = null;
  #config: ConfigWatch | null = null;
  #settings: SettingsWatch | null = null;
  #directories: FSWatcher | null = null;
  /** The last good file: what is set in the browser is added to it, also while the file is broken. */
  #file: LoadedConfig | null = null;
  /** Why the file as it is now is not in force; null where it is. */
  #refusedFile: unknown = null;
  #stamp = '';
  /** Changes are taken up one after the other. */
  #changing: Promise<void> = Promise.resolve();

  constructor(ctx: ServiceContext, path: string) {
    this.#ctx = ctx;
    this.#path = path;
    this.#scheduler = new Scheduler(ctx);
  }

  /** @throws where neither the file nor what was in force last can be used. */
  async start(): Promise<void> {
    const loaded = await this.#takeUpOrRestore();
    this.#config = watchConfig(this.#path, {
      inForce: loaded.sha256,
      onChange: (changed) => {
        this.#refusedFile = null;
        this.#change(changed);
      },
      onRefused: (error) => {
        this.#refusedFile = error;
        this.#refuse(error);
      },
    });
    await this.#config.ready;
    this.#settings = watchSettings(this.#ctx.database, {
      inForce: this.#stamp,
      onChange: () => {
        if (this.#file !== null) this.#change(this.#file);
      },
    });
  }

  async stop(): Promise<void> {
    this.#settings?.close();
    await this.#config?.close();
    await this.#directories?.close();
    await this.#changing;
    await this.#scheduler.stop();
    await this.#engine?.close();
  }

  #change(loaded: LoadedConfig): void {
    this.#changing = this.#changing
      .then(() => this.#takeUp(loaded))
      .catch((error: unknown) => {
        if (loaded !== this.#file) this.#refusedFile = error;
        this.#refuse(error);
      });
  }

  async #takeUp(file: LoadedConfig): Promise<void> {
    const previous = this.#engine;
    const effective = this.#compose(file);
    const loaded = { ...file, config: effective.config };
    const engine = await createEngine(this.#ctx, loaded, { onTrustChanged: () => this.#change(file) });
    await this.#scheduler.stop();
    try {
      engine.begin();
    } catch (error) {
      // Nothing runs now: what did before goes on.
      await this.#scheduler.replace(previous?.jobs ?? []);
      await engine.close();
      throw error;
    }
    this.#engine = engine;
    this.#file = file;
    this.#stamp = effective.stamp;
    recordComposition(this.#ctx, file, effective);
    await this.#scheduler.replace(engine.jobs);
    await this.#watchDirectories(loaded.config);
    await previous?.close();
    this.#ctx.log.info(
      { config: loaded.path, sha256: loaded.sha256, trust: engine.trust.source },
      'configuration in force',
    );
    for (const { section, name, problems } of effective.setAside) {
      this.#ctx.log.warn({ section, name, problems }, 'what was set in the browser is set aside');
    }
    // What is in force now is the last good file: that the one on the disk is not goes on to be said.
    if (this.#refusedFile !== null) this.#refuse(this.#refusedFile);
  }

  /** A configuration that a version before this one put in force has no file to add to: it is taken as it is. */
  #compose(file: LoadedConfig): EffectiveConfig {
    try {
      if (file.written !== null) return effectiveConfig(this.#ctx.database, file);
    } catch (error) {
      if (!(error instanceof FileNotUsableError)) throw error;
    }
    return { config: file.config, taken: [], setAside: [], stamp: '' };
  }

  #refuse(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#ctx.log.error({ err: error }, 'the changed configuration is refused; the last good one stays in force');
    recordConfigRefused(this.#ctx, message);
  }

  /**
   * A file broken while nobody ran, or one that names what is not there, must not blind the monitor: what was in force last
   * goes on, aloud.
   */
  async #takeUpOrRestore(): Promise<LoadedConfig> {
    const last = lastConfigInForce(this.#ctx);
    let loaded: LoadedConfig | null = null;
    try {
      loaded = loadConfig(this.#path);
      await this.#takeUp(loaded);
      return loaded;
    } catch (error) {
      const known = readComposition(this.#ctx.database)?.written;
      const isSame = loaded !== null && JSON.stringify(loaded.written) === JSON.stringify(known);
      if (last === null || isSame || (loaded === null && !(error instanceof ConfigError))) throw error;
      this.#refusedFile = error;
      const restored = this.#restore(loaded?.sha256 ?? '', JSON.parse(last) as Config);
      await this.#takeUp(restored);
      return restored;
    }
  }

  /** The last good file as it was written; the configuration in force itself where a version before this one noted it. */
  #restore(sha256: string, config: Config): LoadedConfig {
    const { written, lines } = readComposition(this.#ctx.database) ?? { written: null, lines: {} };
    return { config, path: this.#path, sha256, written, lines };
  }

  async #watchDirectories({ sources }: Config): Promise<void> {
    await this.#directories?.close();
    const watched = sources.filter((source) => 'directory' in source);
    this.#directories = watch(
      watched.map(({ directory }) => directory),
      { ignoreInitial: true, awaitWriteFinish: { stabilityThreshold: 300, pollInterval: 100 } },
    );
    this.#directories.on('all', (_, changed) => {
      for (const source of watched)
        if (changed.startsWith(source.directory)) this.#scheduler.wake(sourceJobName(source));
    });
    this.#directories.on('error', (error) =>
      this.#ctx.log.warn({ err: error }, 'a directory cannot be watched; it is still scanned every minute'),
    );
  }
}
