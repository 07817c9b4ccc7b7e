import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';

/** A log that the product follows, as its database has it. */
export interface FollowedLog {
  readonly id: number;
  readonly origin: string;
  readonly api: 'rekor-v1' | 'rekor-v2' | 'ct-rfc6962' | 'ct-static';
  readonly treeId: string | null;
  /** Where it ended; null while it goes on. */
  readonly finalSize: number | null;
  readonly indexOffset: number;
  readonly readUrl: string;
  readonly state: string;
  readonly startIndex: number | null;
  readonly downloaded: number;
  readonly verified: number;
  readonly lastAttemptAt: number | null;
}

export interface StoredEvent {
  readonly logId: number;
  readonly index: number;
  readonly leafHash: string;
  readonly digest: string | null;
}

/** Reads the product's database from beside it, as far as there is one by now. */
export class SoakDatabase {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  logs(): FollowedLog[] {
    return this.#all(`
      SELECT id, origin, api, tree_id AS treeId, index_offset AS indexOffset, final_size AS finalSize, read_url AS readUrl, state, start_index AS startIndex,
        downloaded_size AS downloaded, verified_size AS verified, last_attempt_at AS lastAttemptAt
      FROM logs WHERE reading = 'entries' AND state <> 'removed' ORDER BY api, origin`);
  }

  /** Events of the rules' signers. */
  watchedEvents(): StoredEvent[] {
    return this.#all(`
      SELECT log_id AS logId, log_index AS "index", leaf_hash AS leafHash, digest
      FROM events WHERE id IN (SELECT event_id FROM event_matches)`);
  }

  /** Serial numbers of the certificates that certificate logs showed for the rules' signers. */
  watchedSerials(): string[] {
    const rows = this.#all<{ serial: string }>(
      'SELECT serial FROM issued_certificates WHERE id IN (SELECT certificate_id FROM certificate_matches)',
    );
    return rows.map(({ serial }) => serial.toLowerCase());
  }

  openFaults(): { origin: string; code: string; message: string }[] {
    return this.#all(
      'SELECT l.origin, f.code, f.message FROM log_faults f JOIN logs l ON l.id = f.log_id WHERE f.resolved_at IS NULL',
    );
  }

  coverage(logId: number): { start: number; end: number }[] {
    return this.#all(
      `SELECT start_index AS start, end_index AS "end" FROM coverage WHERE log_id = ${logId} ORDER BY start_index`,
    );
  }

  /** Back-fills that are not done. */
  openBackfills(): number {
    return this.#all<{ open: number }>("SELECT count(*) AS open FROM backfills WHERE state = 'open'")[0]?.open ?? 0;
  }

  /** What SQLite itself finds wrong with the file; `ok` where nothing is. */
  integrity(): string {
    return this.#all<{ integrity_check: string }>('PRAGMA integrity_check')[0]?.integrity_check ?? 'no answer';
  }

  #all<T>(sql: string): T[] {
    if (!existsSync(this.#path)) return [];
    const sqlite = new Database(this.#path, { readonly: true });
    try {
      return sqlite.prepare(sql).all() as T[];
    } catch (error) {
      // Being made just now.
      if (/no such table/.test((error as Error).message)) return [];
      throw error;
    } finally {
      sqlite.close();
    }
  }
}
