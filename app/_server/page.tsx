import { connection } from 'next/server';
import type { ReactNode } from 'react';
import type { OpenDatabase } from '#db/client.ts';
import { DatabaseProblemNotice } from '../_ui/database-problem.tsx';
import { readDatabase } from './database.ts';

/** A page that reads the database at each request, or says how to mend it where it cannot be read. */
export function databasePage<Props>(
  render: (database: OpenDatabase, props: Props) => Promise<ReactNode>,
): (props: Props) => Promise<ReactNode> {
  return async (props) => {
    await connection();
    const database = readDatabase();
    return 'problem' in database ? <DatabaseProblemNotice {...database} /> : render(database, props);
  };
}
