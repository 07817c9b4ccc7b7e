import type Database from 'better-sqlite3';
import { SPREADS } from '#db/schema/artifact.ts';

const BATCH = 256;
/** Two ids and a sign in one number, which is exact up to 2^53. */
const ID_BITS = 26;
const MAX_ID = 2 ** ID_BITS - 1;
const PER_PARENT = 2 ** (ID_BITS + 1);

const byParent = statementOf(
  `SELECT ${SPREADS} FROM links INDEXED BY links_spread WHERE parent_id IN (${Array.from({ length: BATCH }, () => '?').join()})`,
);
const ofAll = statementOf(
  `SELECT parent_id * ${PER_PARENT} + abs(${SPREADS}) * 2 + (${SPREADS} < 0) FROM links INDEXED BY links_spread ORDER BY parent_id`,
);
const versionOf = statementOf('SELECT version FROM links_version');

/** All links that lead to a child: those of parent `id` from `starts[id]` up to `starts[id + 1]`. */
interface AllChildren {
  readonly version: string;
  readonly starts: Uint32Array;
  readonly children: Int32Array;
}

/** Of each connection what was read last: some megabytes for a million links. */
const lastRead = new WeakMap<Database.Database, AllChildren>();

/**
 * What is made directly of artifacts, for following hundreds of thousands of links: bare numbers, read from an index alone. Of few
 * parents they are looked up; who goes on to many has all of them read at once, and kept until a link changes. Make one for each
 * look at the graph, within one transaction where others write.
 */
export class ChildReader {
  private readonly sqlite: Database.Database;
  private readonly maxId: number;
  private readonly few: number;
  private readonly version: string;
  private asked = 0;
  private all: AllChildren | null;

  /** @param maxId the highest id of an artifact. @param few so many parents are looked up before all links are read. */
  constructor(sqlite: Database.Database, maxId: number, few: number) {
    this.sqlite = sqlite;
    this.maxId = maxId;
    this.few = few;
    this.version = versionOf(sqlite).get() as string;
    const known = lastRead.get(sqlite);
    this.all = known?.version === this.version ? known : null;
  }

  /**
   * Visits a number a link: the child, negative where the link does not prove that it is made of its parent (`SPREADS`). A child
   * that several links lead to stands there several times.
   */
  read(parentIds: readonly number[], visit: (child: number) => void): void {
    this.asked += parentIds.length;
    if (this.all === null && this.asked > this.few && this.maxId <= MAX_ID) this.all = this.readAll();
    if (this.all === null) this.lookUp(parentIds, visit);
    else {
      const { starts, children } = this.all;
      for (const id of parentIds) {
        const end = starts[id + 1] ?? 0;
        for (let i = starts[id] ?? 0; i < end; i++) visit(children[i] ?? 0);
      }
    }
  }

  private lookUp(parentIds: readonly number[], visit: (child: number) => void): void {
    const [first] = parentIds;
    if (first === undefined) return;
    const statement = byParent(this.sqlite);
    for (let from = 0; from < parentIds.length; from += BATCH) {
      const keys = parentIds.slice(from, from + BATCH);
      while (keys.length < BATCH) keys.push(first);
      for (const child of statement.all(keys) as number[]) visit(child);
    }
  }

  private readAll(): AllChildren {
    const packed = ofAll(this.sqlite).all() as number[];
    const starts = new Uint32Array(this.maxId + 2);
    const children = new Int32Array(packed.length);
    let next = 0;
    packed.forEach((link, i) => {
      const parent = Math.floor(link / PER_PARENT);
      while (next <= parent) starts[next++] = i;
      const rest = link - parent * PER_PARENT;
      children[i] = rest % 2 === 1 ? -(rest >>> 1) : rest >>> 1;
    });
    starts.fill(packed.length, next);
    const read = { version: this.version, starts, children };
    lastRead.set(this.sqlite, read);
    return read;
  }
}

function statementOf(text: string): (sqlite: Database.Database) => Database.Statement {
  const made = new WeakMap<Database.Database, Database.Statement>();
  return (sqlite) => {
    const statement = made.get(sqlite) ?? sqlite.prepare(text).pluck();
    made.set(sqlite, statement);
    return statement;
  };
}
