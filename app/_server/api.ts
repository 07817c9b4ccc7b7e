import { type Api, createApi, describeApi, type Visitor } from '#lib/http/api.ts';
import { ApiError } from '#lib/http/problem.ts';
import { createLogger } from '#lib/logger.ts';
import { standardsInForce } from '#lib/services/config/standards.ts';
import { whoAsks } from './asker.ts';
import { readDatabase } from './database.ts';
import { refusalOfForeign } from './own-form.ts';

let held: Api | null = null;

/** The API over this process's database. */
export function api(): Api {
  held ??= createApi({
    database: openOrRefuse,
    standards: () => standardsInForce(openOrRefuse()),
    now: Date.now,
    visitor,
    log: createLogger('web'),
  });
  return held;
}

/** The OpenAPI document, for the page that shows it. */
export function readApiDocument(): unknown {
  return describeApi(api());
}

async function visitor(headers: Headers): Promise<Visitor | null> {
  const asker = await whoAsks(headers);
  return asker && { actor: asker.actor, role: asker.role, isOwnPage: refusalOfForeign(headers) === null };
}

function openOrRefuse() {
  const database = readDatabase();
  if (!('problem' in database)) return database;
  throw new ApiError({ code: 'no-database', detail: database.problem });
}
