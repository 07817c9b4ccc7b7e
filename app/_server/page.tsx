import { headers } from 'next/headers';
import { forbidden, redirect } from 'next/navigation';
import { connection } from 'next/server';
import type { ReactNode } from 'react';
import type { OpenDatabase } from '#db/client.ts';
import { mayActAs, type Role } from '#lib/services/access/role.ts';
import { DatabaseProblemNotice } from '../_ui/database-problem.tsx';
import { type Asker, whoAsks } from './asker.ts';
import { readDatabase } from './database.ts';
import { PATH_HEADER } from './path-header.ts';

/**
 * A page that reads the database at each request, or says how to mend it where it cannot be read. It is for people who may
 * act as `role`, and looks itself: others are led to the sign-in, or refused with 403 (app/(dashboard)/forbidden.tsx).
 */
export function databasePage<Props>(
  render: (database: OpenDatabase, props: Props, asker: Asker) => Promise<ReactNode>,
  role: Role = 'viewer',
): (props: Props) => Promise<ReactNode> {
  return signedInPage(async (props, asker) => {
    const database = readDatabase();
    return 'problem' in database ? <DatabaseProblemNotice {...database} /> : render(database, props, asker);
  }, role);
}

/** As `databasePage`, for a page that needs no database. */
export function signedInPage<Props>(
  render: (props: Props, asker: Asker) => Promise<ReactNode>,
  role: Role = 'viewer',
): (props: Props) => Promise<ReactNode> {
  return async (props) => {
    await connection();
    const given = await headers();
    const asker = await whoAsks(given);
    if (asker === null) redirect(signInUrl(given.get(PATH_HEADER)));
    if (!mayActAs(asker.role, role)) forbidden();
    return render(props, asker);
  };
}

function signInUrl(path: string | null): string {
  return path === null || path === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(path)}`;
}
