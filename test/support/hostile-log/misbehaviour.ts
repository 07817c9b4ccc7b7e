import type { ServerResponse } from 'node:http';
import type { FetchErrorCode } from '#lib/rekor/fetch-error.ts';
import type { LogDataErrorCode } from '#lib/rekor/log-data-error.ts';
import type { TileName } from '#lib/tlog/tile.ts';
import type { MintedLog } from '#test/support/minted-log.ts';

/** What a log is asked for, whatever its API calls it. */
export type Resource = 'head' | 'hashes' | 'entries';

/** The tree that a server shows. */
export interface ShownTree {
  readonly log: MintedLog;
  readonly size: number;
}

export interface Asked {
  readonly resource: Resource;
  /** Which tile or bundle; null for heads, and for APIs without tiles. */
  readonly tile: TileName | null;
  /** How often the head was asked for since the misbehaviour began, this time included. */
  readonly round: number;
}

/** What is sent: a body, an answer of another status, none at all, or whatever the function does to the connection. */
export type Reply =
  | Buffer
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | ((response: ServerResponse) => void);

/** How a log behaves that misbehaves. What it leaves out it does honestly. */
export interface Conduct {
  /** Another tree in the place of the honest one. */
  shows?(honest: ShownTree, asked: Asked): ShownTree;
  /** Another signed note over the tree shown, for APIs whose heads are notes. */
  signs?(shown: ShownTree, round: number): Uint8Array;
  /** Another reply; undefined leaves the honest one. */
  replies?(asked: Asked, honest: Buffer | undefined, shown: ShownTree): Reply | undefined;
}

/** What a misbehaviour begins with. */
export interface Stage {
  readonly log: MintedLog;
  /** What the log had shown and was verified before. */
  readonly held: number;
  /** A server that is none of the log's. */
  readonly elsewhere: string;
}

export interface Misbehaviour {
  readonly name: string;
  /** What the log does, for people. */
  readonly does: string;
  /** The fault that one round must come to; null where there is nothing to find fault with. */
  readonly fault: {
    readonly code: LogDataErrorCode | FetchErrorCode;
    readonly severity: 'failure' | 'misbehaviour';
  } | null;
  /**
   * What the next honest round comes to: it catches up; it is or becomes frozen; or it catches up and the fault stays,
   * because the log has not shown what it signed.
   */
  readonly afterwards: 'caught-up' | 'frozen' | 'doubted';
  /** What holds where there is no fault to find, for people. */
  readonly holds?: string;
  /** Rounds before the one that must notice: nothing contradicts anything in them. */
  readonly lead?: number;
  /** Whether its answers come slowly or never, so that the reader's patience is what ends the round. */
  readonly isSlow?: boolean;
  /** Whether its key has come to the end of its validity by the trust root. */
  readonly isKeyExpired?: boolean;
  begin(stage: Stage): Conduct;
}

/** Refused as it comes, by this code; the next honest round catches up. */
export function failure(code: LogDataErrorCode | FetchErrorCode): Pick<Misbehaviour, 'fault' | 'afterwards'> {
  return { fault: { code, severity: 'failure' }, afterwards: 'caught-up' };
}

/** Two signed statements contradict each other: the log is frozen, and stays so. */
export const PROVED: Pick<Misbehaviour, 'fault' | 'afterwards'> = {
  fault: { code: 'inconsistent', severity: 'misbehaviour' },
  afterwards: 'frozen',
};
