import type { z } from 'zod';
import type { OpenDatabase } from '#db/client.ts';
import { configState } from '#db/schema/job.ts';
import { alertsSchema } from '#lib/config/alerts-schema.ts';
import { MINT_TIME } from '#test/factories.ts';

export type WrittenAlerts = z.input<typeof alertsSchema>;

/** Puts a configuration of alerts in force, as the jobs would have noted it. Other parts of it as given. */
export function putAlertsInForce({ db }: OpenDatabase, alerts: WrittenAlerts, others: object = {}): void {
  const organisation = { name: 'Models Example', contact: 'security@models.example' };
  const inForce = JSON.stringify({ organisation, ...others, alerts: alertsSchema.parse(alerts) });
  const row = { path: 'modeltrail.yaml', inForce, inForceSince: MINT_TIME };
  db.insert(configState)
    .values({ id: 1, ...row })
    .onConflictDoUpdate({ target: configState.id, set: row })
    .run();
}

/** A channel to a server on the loopback, whose address the environment variable has. */
export function chatChannel(kind: 'slack' | 'teams' | 'mattermost', name: string) {
  return { kind, name, address: { env: 'MODELTRAIL_TEST_URL' }, 'allow-private': true, 'allow-http': true } as const;
}
