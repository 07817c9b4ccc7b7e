import { createLoader, createSerializer, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { ALERT_KINDS, ALERT_SEVERITIES } from '#lib/provenance/alert-kind.ts';
import type { AlertFilter } from '#lib/services/alert/list.ts';

/** `open` stands for all but the resolved ones. */
export const LISTED_STATES = ['open', 'new', 'acknowledged', 'muted', 'resolved', 'all'] as const;

/** Everything about the list of alerts that an address can say. */
const parsers = {
  state: parseAsStringLiteral(LISTED_STATES),
  kind: parseAsStringLiteral(ALERT_KINDS),
  severity: parseAsStringLiteral(ALERT_SEVERITIES),
  before: parseAsString,
};

export const loadAlertsQuery = createLoader(parsers);
const serialize = createSerializer(parsers);

export type AlertsQuery = Awaited<ReturnType<typeof loadAlertsQuery>>;

/** The address of the list narrowed so. */
export function alertsUrl(query: Partial<AlertsQuery>): string {
  return serialize('/alerts', query);
}

/** Open alerts where nothing is said. */
export function alertFilterOf({ state, kind, severity }: AlertsQuery): AlertFilter {
  return {
    ...(state === 'all' ? {} : { state: state ?? 'open' }),
    ...(kind === null ? {} : { kind }),
    ...(severity === null ? {} : { severity }),
  };
}
