import { pino } from 'pino';
import { createDatabase } from '#db/migrate.ts';
import type { ServiceContext } from '#lib/services/context.ts';

export interface TestContext extends ServiceContext {
  /** What was logged, as parsed lines. */
  readonly lines: readonly Record<string, unknown>[];
  /** Moves the clock, which otherwise stands still. */
  tick(ms: number): void;
}

/** A fresh database in memory (or at `path`), a clock that stands still, and a log that can be read. */
export function openContext(path = ':memory:'): TestContext {
  const lines: Record<string, unknown>[] = [];
  let now = Date.UTC(2026, 0, 1);
  return {
    database: createDatabase(path),
    now: () => now,
    log: pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) }),
    lines,
    tick: (ms) => {
      now += ms;
    },
  };
}
