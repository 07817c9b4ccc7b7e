import type { RouteConfig } from '#lib/config/route-schema.ts';
import { type AlertKind, type AlertSeverity, isAtLeast } from '#lib/provenance/alert-kind.ts';
import { compileGlob } from '#lib/watch/glob.ts';

export interface RoutedAlert {
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  readonly evidence: Readonly<Record<string, string>>;
}

/** Whether an alert meets all criteria of a route. Globs are compared with the whole name, byte for byte. */
export function matchesRoute(
  { kinds, severity, rules, models }: Pick<RouteConfig, 'kinds' | 'severity' | 'rules' | 'models'>,
  alert: RoutedAlert,
): boolean {
  return (
    (kinds.length === 0 || kinds.includes(alert.kind)) &&
    isAtLeast(alert.severity, severity) &&
    (rules.length === 0 || anyMatches(rules, valuesOf(alert, 'rule'))) &&
    (models.length === 0 || anyMatches(models, valuesOf(alert, 'model')))
  );
}

/** The values under `rule`, `rule 2` and so on. */
function valuesOf({ evidence }: RoutedAlert, label: string): string[] {
  return Object.entries(evidence)
    .filter(([key]) => key === label || (key.startsWith(`${label} `) && /^ \d+$/.test(key.slice(label.length))))
    .map(([, value]) => value);
}

/** Tests of a list of globs: a route is asked about thousands of alerts. */
const compiled = new WeakMap<readonly string[], readonly ((value: string) => boolean)[]>();

function anyMatches(globs: readonly string[], values: readonly string[]): boolean {
  const tests = compiled.get(globs) ?? globs.map((glob) => compileGlob(glob));
  compiled.set(globs, tests);
  return tests.some((test) => values.some((value) => test(value)));
}
