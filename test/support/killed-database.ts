import type Database from 'better-sqlite3';

/** What a killed process does: nothing more. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

export interface Life {
  /** Statements that the process may still run. */
  left: number;
  /** Statements that it ran. */
  ran: number;
}

/**
 * Lets the process of a connection live for so many statements: from then on every one throws, the end of transactions too.
 * Closing the connection then does what the end of its process would: what was not committed is gone.
 */
export function killAfter(sqlite: Database.Database, statements: number): Life {
  const life = { left: statements, ran: 0 };
  const prepare = sqlite.prepare.bind(sqlite);
  const step = () => {
    if (life.left-- <= 0) throw new Killed('killed');
    life.ran++;
  };
  // The statements of a connection share one prototype: only those made from here on are watched.
  sqlite.prepare = ((source: string) => {
    const statement = prepare(source);
    for (const name of ['run', 'get', 'all'] as const) {
      const original = statement[name].bind(statement) as (...values: unknown[]) => unknown;
      Object.defineProperty(statement, name, {
        value: (...values: unknown[]) => {
          step();
          return original(...values);
        },
      });
    }
    return statement;
  }) as typeof sqlite.prepare;
  return life;
}
