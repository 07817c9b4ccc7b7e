import { asc } from 'drizzle-orm';
import type { OpenDatabase } from '#db/client.ts';
import { tokens } from '#db/schema/access.ts';
import { readScopes } from './read-scopes.ts';
import type { Scope } from './scope.ts';

/** A token as people may see it. Times are milliseconds since the epoch. */
export interface ListedToken {
  readonly id: string;
  readonly name: string;
  /** Its first characters. */
  readonly start: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

/** All tokens there ever were, by name. Nothing that is listed lets anybody in. */
export async function listTokens({ db }: OpenDatabase): Promise<readonly ListedToken[]> {
  const rows = db.select().from(tokens).orderBy(asc(tokens.name)).all();
  return rows.map(({ sha256: _, scopes, ...row }) => ({ ...row, scopes: readScopes(scopes) }));
}
