import { pino } from 'pino';
import { z } from 'zod';
import { ACTION_RULES, type AccessRule, HANDLER_RULES, PAGE_RULES } from '#app/_server/access-rules.ts';
import type { ApiEnvironment } from '#lib/http/api.ts';
import { createApi, describeApi } from '#lib/http/api.ts';
import { scopeOfOperation } from '#lib/http/operation-scope.ts';
import { mayActAs, type Role } from '#lib/services/access/role.ts';
import { ROLE_OF_SCOPE } from '#lib/services/access/role-of-scope.ts';
import { SCOPES, type Scope } from '#lib/services/access/scope.ts';

/** Who asks, in the tests and in the columns of the table. */
export const ASKERS = ['nobody', 'viewer', 'investigator', 'admin'] as const;

/** Something that can be asked for, and by whom. */
export interface AccessRow {
  readonly kind: 'page' | 'handler' | 'operation' | 'action';
  /** Empty for actions. */
  readonly method: string;
  readonly address: string;
  /** `none` where sessions count nothing. */
  readonly people: AccessRule | 'none';
  /** Tokens of these scopes are enough; empty where tokens count nothing. */
  readonly scopes: readonly Scope[];
}

/** Every row, from the rules of pages and handlers and from the OpenAPI document of the API. */
export function accessRows(): AccessRow[] {
  return [
    ...Object.entries(PAGE_RULES).map(
      ([address, people]): AccessRow => ({ kind: 'page', method: 'GET', address, people, scopes: [] }),
    ),
    ...Object.entries(HANDLER_RULES).map(([key, people]): AccessRow => {
      const [method = '', address = ''] = key.split(' ');
      return { kind: 'handler', method, address, people, scopes: people === 'reader' ? holding('read') : [] };
    }),
    ...Object.entries(ACTION_RULES).map(
      ([address, people]): AccessRow => ({ kind: 'action', method: '', address, people, scopes: [] }),
    ),
    ...operationRows(),
  ];
}

const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({ security: z.array(z.record(z.string(), z.unknown())).optional(), description: z.string().optional() }),
    ),
  ),
});

/** @throws {Error} for an operation that does not say which scope it needs. */
export function operationRows(): AccessRow[] {
  const { paths } = documentSchema.parse(describeApi(createApi(DESCRIBED_ONLY)));
  // The document does not list itself.
  const all = { ...paths, '/api/v1/openapi.json': { get: {} } } satisfies typeof paths;
  return Object.entries<(typeof paths)[string]>(all).flatMap(([address, operations]) =>
    Object.entries(operations).map(([method, operation]): AccessRow => {
      const scope = scopeOfOperation(operation);
      const isWriting = method !== 'get';
      if (scope === null || (isWriting && !operation.security?.length)) {
        throw new Error(
          `${method.toUpperCase()} ${address} does not declare who may ask: security, and “Needs a token with the scope …”.`,
        );
      }
      const countSessions = !operation.security?.length || operation.security.some((way) => 'session' in way);
      const people = countSessions ? ROLE_OF_SCOPE[scope] : 'none';
      return { kind: 'operation', method: method.toUpperCase(), address, people, scopes: holding(scope) };
    }),
  );
}

/** Whether one of the people may ask. */
export function mayAsk(rule: AccessRow['people'], asker: (typeof ASKERS)[number]): boolean {
  if (rule === 'anyone') return true;
  if (rule === 'none' || asker === 'nobody') return false;
  const needed: Role = rule === 'reader' ? 'viewer' : rule;
  return mayActAs(asker, needed);
}

/** The table of docs/security.md. */
export function renderAccessTable(): string {
  const head = ['| what | nobody | viewer | investigator | admin | tokens |', '|---|---|---|---|---|---|'];
  const rows = accessRows().map(({ method, address, people, scopes }) => {
    const cells = ASKERS.map((asker) => (mayAsk(people, asker) ? 'yes' : '–'));
    const by =
      people === 'anyone' ? 'not needed' : scopes.length === 0 ? '–' : scopes.map((scope) => `\`${scope}\``).join(', ');
    return `| \`${[method, address].filter(Boolean).join(' ')}\` | ${cells.join(' | ')} | ${by} |`;
  });
  return [...head, ...rows].join('\n');
}

/** The scopes whose tokens may do what a scope is for. */
function holding(scope: Scope): readonly Scope[] {
  return scope === 'admin' ? ['admin'] : SCOPES.filter((held) => held === scope || held === 'admin');
}

/** An API that is only described: nothing of it is asked. */
const DESCRIBED_ONLY: ApiEnvironment = {
  database: () => {
    throw new Error('there is none');
  },
  standards: async () => null,
  now: Date.now,
  log: pino({ enabled: false }),
};
