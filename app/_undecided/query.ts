import { createLoader, createSerializer, parseAsBoolean, parseAsInteger, parseAsString } from 'nuqs/server';
import type { UndecidedFilter } from '#lib/services/event/list-undecided.ts';

/** Everything about the list of undecided entries that an address can say. */
const parsers = {
  log: parseAsInteger,
  /** `none` for entries that say nothing of themselves, else `=` and the kind as the bytes have it. */
  kind: parseAsString,
  watched: parseAsBoolean,
  before: parseAsString,
};

export const loadUndecidedQuery = createLoader(parsers);
const serialize = createSerializer(parsers);

export type UndecidedQuery = Awaited<ReturnType<typeof loadUndecidedQuery>>;

/** The address of the list narrowed so. */
export function undecidedUrl(query: Partial<UndecidedQuery>): string {
  return serialize('/undecided', query);
}

const NO_KIND = 'none';
const LONGEST_KIND = 200;

/** As an address gives a kind; null is that of entries which say nothing readable. */
export function formatKind(kind: string | null): string {
  return kind === null ? NO_KIND : `=${kind}`;
}

/** What of the query is understood narrows the list. */
export function filterOf({ log, kind, watched }: UndecidedQuery): UndecidedFilter {
  return {
    ...(log === null || log < 1 ? {} : { logId: log }),
    ...(kind === NO_KIND ? { kind: null } : {}),
    ...(kind?.startsWith('=') ? { kind: kind.slice(1, LONGEST_KIND + 1) } : {}),
    ...(watched === null ? {} : { holdsWatched: watched }),
  };
}
