import { type Api, createApi } from '#lib/http/api.ts';
import { ApiError } from '#lib/http/problem.ts';
import { createLogger } from '#lib/logger.ts';
import { standardsInForce } from '#lib/services/config/standards.ts';
import { readDatabase } from './database.ts';

let held: Api | null = null;

/** The API over this process's database. */
export function api(): Api {
  held ??= createApi({
    database: openOrRefuse,
    standards: () => standardsInForce(openOrRefuse()),
    now: Date.now,
    log: createLogger('web'),
  });
  return held;
}

function openOrRefuse() {
  const database = readDatabase();
  if (!('problem' in database)) return database;
  throw new ApiError({ code: 'no-database', detail: database.problem });
}
