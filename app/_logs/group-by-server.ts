import type { LogSummary } from '#lib/services/log/list.ts';

export interface ServerGroup {
  readonly server: string;
  /** The newest tree first, as the server counts through them. */
  readonly trees: readonly LogSummary[];
}

/** Logs with all trees of one server together, where the first of them stood. */
export function groupByServer(logs: readonly LogSummary[]): ServerGroup[] {
  return [...Map.groupBy(logs, ({ instance }) => instance)].map(([server, trees]) => ({
    server,
    trees: trees.toSorted((a, b) => b.indexOffset - a.indexOffset),
  }));
}
