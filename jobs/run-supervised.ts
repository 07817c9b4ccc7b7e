import { createDatabase } from '#db/migrate.ts';
import { DatabaseVersionError } from '#db/version.ts';
import { configPath } from '#lib/config/config-path.ts';
import { ConfigError } from '#lib/config/error.ts';
import { loadConfig } from '#lib/config/load.ts';
import { createLogger } from '#lib/logger.ts';
import { buildWeb } from './build-web.ts';
import { printSetupCode } from './print-setup-code.ts';
import { jobsProcess, webProcess } from './processes.ts';
import { Supervisor } from './supervisor.ts';

/**
 * Brings the database up to date, then keeps web and jobs running as two supervised processes until SIGTERM or SIGINT.
 * `dev` serves pages that follow their sources; `start` builds them once.
 */
export async function runSupervised(mode: 'start' | 'dev'): Promise<void> {
  try {
    const path = configPath();
    const { config } = loadConfig(path);
    const database = createDatabase(config.database);
    await printSetupCode({ database, now: Date.now, log: createLogger('supervisor') }, config);
    database.close();
    if (mode === 'start') await buildWeb();
    const settings = { configPath: path, databasePath: config.database, ...config.server };
    const log = createLogger('supervisor');
    const supervisor = new Supervisor([webProcess(settings, mode), jobsProcess(settings)], { log });
    const stop = async () => {
      await supervisor.stop();
      log.info('stopped');
      process.exit(0);
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
    // A supervisor that was itself started by another process, as by the demo, ends with it.
    if (process.channel) process.once('disconnect', stop);
  } catch (error) {
    const isExpected = error instanceof ConfigError || error instanceof DatabaseVersionError;
    console.error(isExpected ? error.message : error);
    process.exit(1);
  }
}
