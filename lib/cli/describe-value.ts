import type { ValueMatcher } from '#lib/watch/value-matcher.ts';

/** `glob https://*.example`; text that is meant exactly stands alone. */
export function describeValue(matcher: ValueMatcher): string {
  return Object.entries(matcher)
    .map(([kind, text]) => (kind === 'exact' ? text : `${kind} ${text}`))
    .join('');
}
