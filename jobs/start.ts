import '#lib/node-version.ts';
import { createDatabase } from '#db/migrate.ts';
import { ConfigError } from '#lib/config/error.ts';
import { loadConfig } from '#lib/config/load.ts';
import { createLogger } from '#lib/logger.ts';
import { buildWeb } from './build-web.ts';
import { configPath } from './config-path.ts';
import { jobsProcess, webProcess } from './processes.ts';
import { Supervisor } from './supervisor.ts';

// npm start: the database brought up to date, then web and jobs as two supervised processes, until SIGTERM or SIGINT.

async function start(): Promise<void> {
  const path = configPath();
  const { config } = loadConfig(path);
  const databasePath = config.database;
  const log = createLogger('supervisor');
  createDatabase(databasePath).close();
  await buildWeb();
  const settings = { configPath: path, databasePath, host: config.server.host, port: config.server.port };
  const supervisor = new Supervisor([webProcess(settings), jobsProcess(settings)], { log });
  const stop = async () => {
    await supervisor.stop();
    log.info('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  // A supervisor that is supervised itself, as by the demo, ends with its parent too.
  if (process.channel) process.once('disconnect', stop);
}

start().catch((error: unknown) => {
  const isExpected = error instanceof ConfigError || (error instanceof Error && error.name === 'DatabaseVersionError');
  console.error(isExpected ? (error as Error).message : error);
  process.exit(1);
});
