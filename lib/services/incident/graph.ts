import { max } from 'drizzle-orm';
import { ChildReader } from '#db/children.ts';
import type { OpenDatabase } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';

/** Up to so many artifacts each is asked for by its key; of more, it is quicker to read a table or index in order. */
const FEW = 5000;

/** What a scope is worked out over. */
export interface Graph extends Pick<OpenDatabase, 'db' | 'sqlite'> {
  /** One more than the highest id of an artifact. */
  readonly size: number;
  readonly children: ChildReader;
  readonly few: number;
}

export function openGraph({ db, sqlite }: Pick<OpenDatabase, 'db' | 'sqlite'>, few = FEW): Graph {
  const last =
    db
      .select({ id: max(artifacts.id) })
      .from(artifacts)
      .get()?.id ?? 0;
  return { db, sqlite, size: last + 1, few, children: new ChildReader(sqlite, last, few) };
}
