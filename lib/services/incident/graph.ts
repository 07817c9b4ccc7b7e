import { max } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { artifacts } from '#db/schema/artifact.ts';

/** What a scope is worked out over. */
export interface Graph extends Pick<OpenDatabase, 'db' | 'sqlite'> {
  /** One more than the highest id of an artifact. */
  readonly size: number;
}

export function openGraph({ db, sqlite }: Pick<OpenDatabase, 'db' | 'sqlite'>): Graph {
  const last =
    db
      .select({ id: max(artifacts.id) })
      .from(artifacts)
      .get()?.id ?? 0;
  return { db, sqlite, size: last + 1 };
}
