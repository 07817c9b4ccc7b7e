import type { AlertKind, AlertSeverity } from '#lib/provenance/alert-kind.ts';
import type { AlertState } from '#lib/provenance/alert-words.ts';

/** An alert as messages tell of it. Title, statement and evidence hold strings of strangers. */
export interface NoticeAlert {
  readonly id: string;
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  readonly state: AlertState;
  readonly title: string;
  readonly statement: string;
  readonly evidence: Readonly<Record<string, string>>;
  /** Path of the page about it. */
  readonly href: string;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** What a message tells, whatever the channel. It is stored as it is written, and sent the same at every try. */
export interface Notice {
  readonly kind: 'alert' | 'resolved' | 'digest' | 'test';
  /** One line of our own words alone: no string of a stranger stands in it. */
  readonly heading: string;
  /** The first of them. */
  readonly alerts: readonly NoticeAlert[];
  /** How many there are in all. */
  readonly total: number;
  /** When it was written, milliseconds since the epoch. */
  readonly at: number;
}

/** A notice on its way: what every try has in common. */
export interface Delivery {
  /** `msg_…`: the same at every try, so that a receiver can tell a repetition. */
  readonly id: string;
  readonly notice: Notice;
  /** Where the pages are; null where nobody said. Without a slash at the end. */
  readonly address: string | null;
  /** Whose Modeltrail it is. */
  readonly organisation: string;
}

/** The link to the page of an alert; null where nobody said where the pages are. */
export function linkTo(address: string | null, id: string): string | null {
  return address === null ? null : `${address}/alerts/${id}`;
}
