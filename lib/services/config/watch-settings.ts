import type { OpenDatabase } from '#db/client.ts';
import { stampOf, storedItems } from './effective.ts';

export interface SettingsWatch {
  close(): void;
}

/** How often it is looked for changes, in ms: one number of SQLite's where nobody wrote. */
const LOOK_EVERY = 1000;

/**
 * Tells of every change of what is set in the browser, whoever made it: another connection than this one must have.
 *
 * @param options.inForce the stamp that is in force (`EffectiveConfig.stamp`): another one at the first look is a change.
 * @param options.every milliseconds between two looks.
 */
export function watchSettings(
  database: OpenDatabase,
  options: { readonly inForce: string; readonly every?: number; readonly onChange: () => void },
): SettingsWatch {
  let stamp = options.inForce;
  let version = -1;
  const look = () => {
    const now = Number(database.sqlite.pragma('data_version', { simple: true }));
    if (now === version) return;
    version = now;
    const found = stampOf(storedItems(database));
    if (found === stamp) return;
    stamp = found;
    options.onChange();
  };
  const timer = setInterval(look, options.every ?? LOOK_EVERY);
  timer.unref();
  return { close: () => clearInterval(timer) };
}
