import { type FSWatcher, watch } from 'chokidar';
import { ConfigError } from '#lib/config/error.ts';
import { type LoadedConfig, loadConfig } from '#lib/config/load.ts';
import type { Config } from '#lib/config/schema.ts';
import { type ConfigWatch, watchConfig } from '#lib/config/watch-file.ts';
import { lastConfigInForce, recordConfigRefused } from '#lib/services/config/record-state.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { createEngine, type Engine } from './engine.ts';
import { Scheduler } from './scheduler.ts';
import { sourceJobName } from './source-jobs.ts';

/** Keeps one engine in force, and replaces it when the configuration or the trust root changes for a good one. */
export class JobsRuntime {
  readonly #ctx: ServiceContext;
  readonly #path: string;
  readonly #scheduler: Scheduler;
  #engine: Engine | null = null;
  #config: ConfigWatch | null = null;
  #directories: FSWatcher | null = null;
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
      onChange: (changed) => this.#change(changed),
      onRefused: (error) => this.#refuse(error),
    });
    await this.#config.ready;
  }

  async stop(): Promise<void> {
    await this.#config?.close();
    await this.#directories?.close();
    await this.#changing;
    await this.#scheduler.stop();
    await this.#engine?.close();
  }

  #change(loaded: LoadedConfig): void {
    this.#changing = this.#changing.then(() => this.#takeUp(loaded)).catch((error: unknown) => this.#refuse(error));
  }

  async #takeUp(loaded: LoadedConfig): Promise<void> {
    const previous = this.#engine;
    const engine = await createEngine(this.#ctx, loaded, { onTrustChanged: () => this.#change(loaded) });
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
    await this.#scheduler.replace(engine.jobs);
    await this.#watchDirectories(loaded.config);
    await previous?.close();
    this.#ctx.log.info(
      { config: loaded.path, sha256: loaded.sha256, trust: engine.trust.source },
      'configuration in force',
    );
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
      const isSame = loaded !== null && JSON.stringify(loaded.config) === last;
      if (last === null || isSame || (loaded === null && !(error instanceof ConfigError))) throw error;
      const restored = { config: JSON.parse(last) as Config, path: this.#path, sha256: loaded?.sha256 ?? '' };
      await this.#takeUp(restored);
      this.#refuse(error);
      return restored;
    }
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
