import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';

interface EventFacts {
  readonly id: string;
  /** Null for what is signed in no log. */
  readonly origin: string | null;
  readonly index: number | null;
  readonly leafHash: string;
  readonly authenticity: string;
  readonly claim: string;
  readonly seenBy: string;
  readonly signedAt: number | null;
  readonly signedAtSource: string | null;
  readonly undecided: string | null;
  readonly bundles: number;
  readonly rules: readonly string[];
  readonly found: number;
}

/** Everything that two runs over the same logs must agree on: no times of our own, no row numbers, nothing of how it went. */
export interface DatabaseFacts {
  readonly logs: readonly {
    readonly origin: string;
    readonly verified: number;
    readonly downloaded: number;
    readonly range: string;
  }[];
  readonly coverage: readonly object[];
  readonly events: readonly EventFacts[];
  readonly bundles: readonly { readonly id: string; readonly state: string }[];
  readonly files: readonly { readonly path: string; readonly outcome: string }[];
  readonly versions: readonly object[];
  /** Artifacts with all they are known as, with their verdicts; and what each is made of. */
  readonly artifacts: readonly {
    readonly aliases: string;
    readonly signature: string;
    readonly weakest: string | null;
  }[];
  readonly links: readonly object[];
  readonly faults: readonly object[];
}

/** Row numbers are in the order of arrival: artifacts are told apart by what they are known as. */
const NAMED =
  "named AS (SELECT artifact_id AS id, group_concat(scheme || ':' || value) AS aliases FROM (SELECT * FROM artifact_aliases ORDER BY scheme, value) GROUP BY artifact_id)";

export function dumpFacts(path: string): DatabaseFacts {
  const sqlite = new Database(path, { readonly: true });
  try {
    return factsOf(sqlite);
  } finally {
    sqlite.close();
  }
}

export function factsOf(sqlite: Database.Database): DatabaseFacts {
  const all = <T>(sql: string) => sqlite.prepare(sql).all() as T[];
  const events = all<Omit<EventFacts, 'rules'> & { rules: string | null }>(`
      SELECT e.id, l.origin, e.log_index AS "index", e.leaf_hash AS leafHash, e.authenticity, e.claim, e.seen_by AS seenBy,
        e.signed_at AS signedAt, e.signed_at_source AS signedAtSource, e.undecided,
        (SELECT count(*) FROM bundles b WHERE b.event_id = e.id) AS bundles,
        (SELECT group_concat(rule || '/' || how) FROM (SELECT rule, how FROM event_matches m WHERE m.event_id = e.id ORDER BY rule)) AS rules,
        (SELECT count(*) FROM events_search s WHERE s.rowid = e.row AND s.event_id = e.id) AS found
      FROM events e LEFT JOIN logs l ON l.id = e.log_id ORDER BY l.origin, e.log_index, e.id`);
  return {
    logs: all(
      'SELECT origin, verified_size AS verified, downloaded_size AS downloaded, hex(verified_range) AS range FROM logs ORDER BY origin',
    ),
    coverage: all(
      'SELECT origin, c.start_index, c.end_index FROM coverage c JOIN logs l ON l.id = c.log_id ORDER BY origin',
    ),
    events: events.map((event) => ({
      ...event,
      rules: (event.rules?.split(',') ?? []).map((rule) => rule.replace(/\/\w+$/, '')),
    })),
    bundles: all('SELECT id, state, event_id, version_id, linked_by FROM bundles ORDER BY id'),
    files: all('SELECT path, outcome, reason_code FROM deliveries ORDER BY path'),
    versions: all(
      'SELECT v.id, m.name, v.root, (SELECT count(*) FROM version_files f WHERE f.version_id = v.id) AS files FROM versions v JOIN models m ON m.id = v.model_id ORDER BY v.id',
    ),
    artifacts: all(`
        WITH ${NAMED} SELECT n.aliases, a.kind, a.signature, a.weakest, a.signed_at AS signedAt, a.inputs, a.pinned_inputs AS pinned
        FROM artifacts a JOIN named n ON n.id = a.id ORDER BY n.aliases`),
    links: all(`
        WITH ${NAMED} SELECT c.aliases AS child, p.aliases AS parent, l.role, l.bundle_id AS bundle, l.position, l.state, l.reason
        FROM links l JOIN named c ON c.id = l.child_id JOIN named p ON p.id = l.parent_id ORDER BY l.bundle_id, c.aliases, l.position`),
    faults: all('SELECT code FROM log_faults'),
  };
}

/** Whether the logs stand verified at these sizes and so many bundle files were looked at. */
export function isCaughtUp(path: string, sizes: Readonly<Record<string, number>>, files: number): boolean {
  if (!existsSync(path)) return false;
  const sqlite = new Database(path, { readonly: true });
  try {
    const verified = sqlite.prepare('SELECT verified_size FROM logs WHERE origin = ?').pluck();
    const seen = sqlite.prepare('SELECT count(*) FROM deliveries').pluck().get() as number;
    return seen >= files && Object.entries(sizes).every(([origin, size]) => verified.get(origin) === size);
  } catch {
    // Not made yet.
    return false;
  } finally {
    sqlite.close();
  }
}
