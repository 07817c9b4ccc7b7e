import { eq } from 'drizzle-orm';
import type { Writer } from '#db/client.ts';
import { preparedIn } from '#db/prepared.ts';
import { configState } from '#db/schema/job.ts';
import { type AlertsConfig, alertsSchema } from '#lib/config/alerts-schema.ts';
import type { Config } from '#lib/config/schema.ts';
import type { AlertKind, AlertSeverity } from '#lib/provenance/alert-kind.ts';

const DEFAULTS: AlertsConfig = alertsSchema.parse({});

const inForce = preparedIn((db) =>
  db.select({ inForce: configState.inForce }).from(configState).where(eq(configState.id, 1)).prepare(),
);

let remembered: { readonly inForce: string; readonly settings: AlertsConfig } | null = null;

/**
 * Channels, routes, severities and grace times in force: the one place where they are read. What was in force was validated
 * when it was taken up; a version without alerts has none.
 */
export function alertSettings(db: Writer): AlertsConfig {
  const state = inForce(db).get();
  if (state === undefined) return DEFAULTS;
  if (remembered?.inForce !== state.inForce) {
    const { alerts } = JSON.parse(state.inForce) as Partial<Pick<Config, 'alerts'>>;
    remembered = { inForce: state.inForce, settings: { ...DEFAULTS, ...alerts } };
  }
  return remembered.settings;
}

/** How grave an alert is here: as the configuration says of its kind, else as it was given. */
export function severityHere(db: Writer, kind: AlertKind, given: AlertSeverity): AlertSeverity {
  return alertSettings(db).severities[kind] ?? given;
}
