/** A closed interval of time in milliseconds since the epoch, as trust roots give it. */
export interface ValidFor {
  readonly validFrom: number;
  /** Null while it has no end. */
  readonly validUntil: number | null;
}

export function isValidAt({ validFrom, validUntil }: ValidFor, at: number): boolean {
  return validFrom <= at && (validUntil === null || at <= validUntil);
}

/** For people: `from 2026-11-22T20:43:04Z on`. */
export function describeValidity({ validFrom, validUntil }: ValidFor): string {
  return validUntil === null ? `from ${utc(validFrom)} on` : `from ${utc(validFrom)} to ${utc(validUntil)}`;
}

/** UTC, as shown beside every time: `2026-11-22T20:43:04Z`. Hostile times can be past what dates reach. */
export function utc(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? 'an impossible time' : date.toISOString().replace('.000Z', 'Z');
}
