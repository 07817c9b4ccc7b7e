import { cache } from 'react';
import type { OpenDatabase } from '#db/client.ts';
import { countAlerts } from '#lib/services/alert/list.ts';
import { getHealth } from '#lib/services/health/get.ts';
import { listLogs } from '#lib/services/log/list.ts';
import { getAttention } from '#lib/services/overview/attention.ts';
import { getConfiguration } from '#lib/services/overview/configuration.ts';
import { changeStamp } from './database.ts';

let remembered: { stamp: string; attention: ReturnType<typeof getAttention> } | null = null;

/** What needs attention, worked out again only when something was written. */
function rememberAttention(database: OpenDatabase): ReturnType<typeof getAttention> {
  const stamp = changeStamp(database);
  if (remembered?.stamp !== stamp) remembered = { stamp, attention: getAttention(database) };
  return remembered.attention;
}

/** What the frame around every page and the overview both need; read once a request. */
export const readSituation = cache(async (database: OpenDatabase) => {
  const now = Date.now();
  const [configuration, health, logs, attention, alerts] = await Promise.all([
    getConfiguration(database),
    getHealth(database, { now }),
    listLogs(database),
    rememberAttention(database),
    countAlerts(database),
  ]);
  return { now, configuration, health, logs, attention, alerts };
});

export type Situation = Awaited<ReturnType<typeof readSituation>>;
