import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { pino } from 'pino';
import { createDatabase } from '#db/migrate.ts';
import { createEngine } from '#jobs/engine.ts';
import { loadConfig } from '#lib/config/load.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { publishBundles, writeDemoConfig } from '#test/demo/stage.ts';
import type { Wave } from '#test/story/facts.ts';
import { temporaryFolder } from './product.ts';
import { StoryLogServer } from './story-log.ts';

export interface StoryStage {
  readonly folder: string;
  readonly config: string;
  readonly databasePath: string;
  readonly ctx: ServiceContext;
  readonly story: StoryLogServer;
  /** Runs each job once. */
  round(): Promise<void>;
  /** Puts what arrives up to this wave into the watched directory. */
  publish(until: Wave): void;
  close(): Promise<void>;
}

export interface StoryStageOptions {
  /** Whose bundles lie in the watched directory from the start: all by default. */
  readonly until?: Wave;
  /** Whether the folder of model repositories is a source too. */
  readonly hub?: boolean;
}

/** The whole story in the logs, with a database that one round of the jobs fills. */
export async function openStoryStage({ until = 2, hub = false }: StoryStageOptions = {}): Promise<StoryStage> {
  const folder = temporaryFolder();
  const story = await StoryLogServer.open();
  while (story.grow());
  const config = writeDemoConfig(folder.path, story, 0, { hub });
  publishBundles(folder.path, story, until);
  const databasePath = join(folder.path, 'data/modeltrail.db');
  const ctx = { database: createDatabase(databasePath), now: Date.now, log: pino({ level: 'silent' }) };
  const engine = await createEngine(ctx, loadConfig(config), { onTrustChanged: () => {} });
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  return {
    folder: folder.path,
    config,
    databasePath,
    ctx,
    story,
    round: async () => {
      for (const job of engine.jobs) await job.run(signal);
    },
    publish: (wave) => publishBundles(folder.path, story, wave),
    close: async () => {
      await engine.close();
      ctx.database.close();
      await story.close();
      folder.remove();
    },
  };
}
