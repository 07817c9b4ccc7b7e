import { readScope, ScopeError } from '#lib/provenance/read-scope.ts';
import type { Criterion, Scope } from '#lib/provenance/scope.ts';
import { CRITERION, type CriterionKind } from '#lib/provenance/scope-words.ts';
import { parseUtcInput } from '../_server/utc-input.ts';

/** Kinds that a row can be of; the window stands beside the rows. */
export type RowKind = Exclude<CriterionKind, 'window'>;

export const ROW_KINDS = (Object.keys(CRITERION) as CriterionKind[]).filter(
  (kind): kind is RowKind => kind !== 'window',
);
/** Groups that rows can stand in. */
export const GROUPS = [1, 2, 3, 4] as const;
export const MOST_ROWS = 40;
const LONGEST = 4096;

export interface ScopeRow {
  readonly group: number;
  readonly kind: RowKind;
  readonly value: string;
  /** The issuer of an identity, or `from-to` of a log: what its kind has besides. */
  readonly more: string;
}

/** The scope editor's fields, as its address says them. */
export interface ScopeForm {
  readonly rows: readonly ScopeRow[];
  /** How rows of one group are joined, and groups with each other. */
  readonly within: 'any' | 'all';
  readonly between: 'any' | 'all';
  /** UTC, as typed. */
  readonly from: string;
  readonly to: string;
}

/** What the fields come to: a scope to be parsed, nothing yet, or what is wrong. */
export type ReadForm =
  | { readonly state: 'empty' }
  | { readonly state: 'scope'; readonly scope: Scope }
  | { readonly state: 'wrong'; readonly problem: string };

type Params = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Reads the fields from an address. Rows are parallel lists; those without a value are passed over. */
export function readScopeParams(params: Params): ScopeForm {
  const [kinds, values, more, groups] = ['kind', 'value', 'more', 'group'].map((name) => listOf(params[name]));
  const rows = (values ?? []).slice(0, MOST_ROWS).flatMap((value, i): ScopeRow[] => {
    const kind = ROW_KINDS.find((known) => known === kinds?.[i]);
    if (kind === undefined || value.trim() === '') return [];
    const group = GROUPS.find((known) => String(known) === groups?.[i]) ?? 1;
    return [{ group, kind, value: value.trim().slice(0, LONGEST), more: (more?.[i] ?? '').trim().slice(0, LONGEST) }];
  });
  return {
    rows,
    within: first(params.within) === 'all' ? 'all' : 'any',
    between: first(params.between) === 'any' ? 'any' : 'all',
    from: first(params.from).slice(0, 40),
    to: first(params.to).slice(0, 40),
  };
}

/** The scope that the fields say. */
export function scopeOfForm(form: ScopeForm): ReadForm {
  const { rows, within, between } = form;
  const groups = new Map<number, Scope[]>();
  for (const row of rows) {
    const criterion = criterionOf(row);
    if (typeof criterion === 'string') return { state: 'wrong', problem: criterion };
    groups.set(row.group, [...(groups.get(row.group) ?? []), { is: criterion }]);
  }
  const window = windowOf(form);
  if (typeof window === 'string') return { state: 'wrong', problem: window };
  const joined = [...groups].sort(([a], [b]) => a - b).map(([, parts]) => join(within, parts));
  const parts = [...(joined.length === 0 ? [] : [join(between, joined)]), ...(window ? [{ is: window }] : [])];
  return parts.length === 0 ? { state: 'empty' } : { state: 'scope', scope: join('all', parts) };
}

/** The fields that say this scope; null for one that is deeper than the form can show. */
export function formOfScope(scope: Scope): ScopeForm | null {
  const window = 'all' in scope ? scope.all.map(asWindow).find((found) => found !== null) : asWindow(scope);
  const rest = 'all' in scope && window ? scope.all.filter((part) => asWindow(part) === null) : window ? [] : [scope];
  const from = window?.from == null ? '' : new Date(window.from).toISOString();
  const to = window?.to == null ? '' : new Date(window.to).toISOString();
  const [body, ...more] = rest;
  if (body === undefined) return { rows: [], within: 'any', between: 'all', from, to };
  const joined = more.length === 0 ? body : { all: rest };
  const groups = 'is' in joined ? [joined] : 'all' in joined ? joined.all : joined.any;
  const between = 'any' in joined ? 'any' : 'all';
  if (groups.every((part) => 'is' in part)) {
    const rows = groups.map((part) => rowOf(part, 1));
    if (rows.some((row) => row === null)) return null;
    return { rows: rows.flatMap((row) => row ?? []), within: between, between: 'all', from, to };
  }
  const inner = new Set(groups.flatMap((part) => ('is' in part ? [] : 'all' in part ? 'all' : 'any')));
  const [within, other] = inner;
  if (groups.length > GROUPS.length || within === undefined || other !== undefined) return null;
  const rows = groups.flatMap((part, i) =>
    ('is' in part ? [part] : 'all' in part ? part.all : part.any).map((leaf) => rowOf(leaf, i + 1)),
  );
  if (rows.some((row) => row === null)) return null;
  return { rows: rows.flatMap((row) => row ?? []), within, between, from, to };
}

/** The address of the editor with these fields. */
export function scopeFormUrl(form: ScopeForm, more: Readonly<Record<string, string>> = {}): string {
  const params = new URLSearchParams();
  for (const { group, kind, value, more: rest } of form.rows) {
    for (const [name, text] of Object.entries({ kind, value, more: rest, group: String(group) }))
      params.append(name, text);
  }
  if (form.within !== 'any') params.set('within', form.within);
  if (form.between !== 'all') params.set('between', form.between);
  if (form.from !== '') params.set('from', form.from);
  if (form.to !== '') params.set('to', form.to);
  for (const [name, text] of Object.entries(more)) params.set(name, text);
  return `/incidents/new?${params}`;
}

/** The address of the editor with one criterion filled in: what “Investigate” leads to. */
export function investigateUrl(kind: RowKind, value: string, more = ''): string {
  return scopeFormUrl({ rows: [{ group: 1, kind, value, more }], within: 'any', between: 'all', from: '', to: '' });
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}

function first(value: string | readonly string[] | undefined): string {
  return listOf(value)[0]?.trim() ?? '';
}

function join(how: 'any' | 'all', parts: readonly Scope[]): Scope {
  const [only, ...more] = parts;
  if (only !== undefined && more.length === 0) return only;
  return how === 'all' ? { all: parts } : { any: parts };
}

/** A criterion, or what is wrong with the row. What its value must be is held by the parser of scopes. */
function criterionOf({ kind, value, more }: ScopeRow): Criterion | string {
  switch (kind) {
    case 'dataset':
    case 'base-model':
      return { kind, alias: value };
    case 'commit':
      return { kind, commit: value.toLowerCase() };
    case 'repository':
      return { kind, repository: value };
    case 'workflow':
      return { kind, workflow: value };
    case 'builder':
      return { kind, builder: value };
    case 'identity':
      return more === '' ? { kind, identity: value } : { kind, identity: value, issuer: more };
    case 'key':
      return { kind, fingerprint: value.toLowerCase().replace(/^sha256:/, '') };
    case 'file':
      return { kind, digest: value.toLowerCase().replace(/^sha256:/, '') };
    case 'log-range': {
      const range = /^(\d{1,15})\s*[-–]\s*(\d{1,15})$/.exec(more);
      if (!range) return `Say which entries of ${value} are meant: the first and the last, as 1200-1300.`;
      // People say the last entry; a range ends before `to`.
      return { kind, origin: value, from: Number(range[1]), to: Number(range[2]) + 1 };
    }
  }
}

function windowOf({ from, to }: ScopeForm): Extract<Criterion, { kind: 'window' }> | string | null {
  if (from === '' && to === '') return null;
  const start = from === '' ? null : readTime(from);
  const end = to === '' ? null : readTime(to);
  const wrong = from !== '' && start === null ? from : to !== '' && end === null ? to : null;
  if (wrong !== null) return `“${wrong}” is no time in UTC. Write 2026-03-12, or 2026-03-12 09:14.`;
  return { kind: 'window', from: start?.start ?? null, to: end?.end ?? null };
}

/** A day or a minute is meant whole; what is written out to the millisecond, as `formOfScope` does, is meant as it is. */
function readTime(text: string): { readonly start: number; readonly end: number } | null {
  const span = parseUtcInput(text);
  if (span === null || !/\.\d{3}Z$/.test(text)) return span;
  const time = Date.parse(text);
  return { start: time, end: time };
}

function asWindow(scope: Scope): Extract<Criterion, { kind: 'window' }> | null {
  return 'is' in scope && scope.is.kind === 'window' ? scope.is : null;
}

function rowOf(scope: Scope, group: number): ScopeRow | null {
  if (!('is' in scope)) return null;
  const { is } = scope;
  switch (is.kind) {
    case 'dataset':
    case 'base-model':
      return { group, kind: is.kind, value: is.alias, more: '' };
    case 'commit':
      return { group, kind: is.kind, value: is.commit, more: '' };
    case 'repository':
      return { group, kind: is.kind, value: is.repository, more: '' };
    case 'workflow':
      return { group, kind: is.kind, value: is.workflow, more: '' };
    case 'builder':
      return { group, kind: is.kind, value: is.builder, more: '' };
    case 'identity':
      return { group, kind: is.kind, value: is.identity, more: is.issuer ?? '' };
    case 'key':
      return { group, kind: is.kind, value: is.fingerprint, more: '' };
    case 'file':
      return { group, kind: is.kind, value: is.digest, more: '' };
    case 'log-range':
      return { group, kind: is.kind, value: is.origin, more: `${is.from}-${is.to - 1}` };
    case 'window':
      return null;
  }
}

/** The scope that the fields say, held to the rules that every scope is held to. */
export function checkedScope(form: ScopeForm): ReadForm {
  const read = scopeOfForm(form);
  if (read.state !== 'scope') return read;
  try {
    return { state: 'scope', scope: readScope(read.scope) };
  } catch (error) {
    if (error instanceof ScopeError) return { state: 'wrong', problem: problemOf(error, form) };
    throw error;
  }
}

/** People know rows, not places in JSON. */
function problemOf({ at, message }: ScopeError, { rows }: ScopeForm): string {
  const what = message.slice(message.startsWith(at) ? at.length : 0).replace(/^:\s*/, '');
  const [only, ...more] = rows;
  const field = at.split('.').at(-1) ?? '';
  const row = more.length === 0 && only ? CRITERION[only.kind].word : 'One of the rows';
  return `${row}${field === '' || field === 'is' ? '' : ` (${field})`}: ${what}`;
}
