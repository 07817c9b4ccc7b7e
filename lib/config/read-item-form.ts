import type { LeafField, RowsField, SettingField } from './setting-field.ts';
import type { ItemKind, WrittenItem } from './setting-section.ts';

/** Most rows that a form is read for; lists of the file have no more. */
const MAX_ROWS = 100;

const PEM = /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?-----END [A-Z0-9 ]+-----/g;

/**
 * What was filled in, in the form that the file has. What was left empty is left out; whether the rest can be used is for
 * the schema to say. The counterpart is `fillItemForm`.
 */
export function readItemForm(kind: ItemKind, form: URLSearchParams): WrittenItem {
  const name = (form.get('name') ?? '').trim();
  const entries = kind.fields.flatMap((field) => {
    const value = readField(field, field.key, form);
    return value === undefined ? [] : [[field.key, value] as const];
  });
  return { ...(name === '' ? {} : { name }), ...kind.fixed, ...Object.fromEntries(entries) };
}

function readField(field: SettingField, at: string, form: URLSearchParams): unknown {
  if (field.kind === 'map') return readMap(at, form);
  return field.kind === 'rows' ? readRows(field, at, form) : readLeaf(field, at, form);
}

function readLeaf(field: LeafField, at: string, form: URLSearchParams): unknown {
  const text = (form.get(at) ?? '').trim();
  switch (field.kind) {
    case 'text':
    case 'choice':
      return text === '' ? undefined : text;
    case 'number':
      return text === '' ? undefined : /^\d{1,15}$/.test(text) ? Number(text) : text;
    case 'matcher':
      return readMatcher(text, form.get(`${at}.how`));
    case 'flag':
      return text === 'yes' ? true : undefined;
    case 'tristate':
      return text === 'yes' ? true : text === 'no' ? false : undefined;
    case 'lines': {
      const [first, ...rest] = readLines(text);
      if (first === undefined) return undefined;
      return rest.length === 0 && field.isList !== true ? first : [first, ...rest];
    }
    case 'choices': {
      const chosen = [...new Set(form.getAll(at))].filter((value) => value !== '');
      return chosen.length === 0 ? undefined : chosen;
    }
  }
}

function readMatcher(text: string, how: string | null): unknown {
  if (text === '') return undefined;
  return how === 'glob' || how === 'pattern' ? { [how]: text } : text;
}

function readLines(text: string): readonly string[] {
  const blocks = text.match(PEM) ?? [];
  const rest = text.replaceAll(PEM, '\n').split(/\r?\n/);
  return [...blocks.map((block) => block.replaceAll('\r\n', '\n')), ...rest.map((line) => line.trim())].filter(
    (value) => value !== '',
  );
}

function readMap(at: string, form: URLSearchParams): unknown {
  const entries: (readonly [string, unknown])[] = [];
  for (let i = 0; i < MAX_ROWS; i++) {
    const name = (form.get(`${at}.${i}.name`) ?? '').trim();
    const text = (form.get(`${at}.${i}`) ?? '').trim();
    if (name === '' && text === '') continue;
    // A name without a value, or the reverse, is kept so that the schema refuses it.
    entries.push([name, readMatcher(text, form.get(`${at}.${i}.how`)) ?? '']);
  }
  return entries.length === 0 ? undefined : toMap(entries);
}

/** One name twice cannot stand in a map: the second one says so, and is refused for it. */
function toMap(entries: readonly (readonly [string, unknown])[]): WrittenItem {
  const map = new Map<string, unknown>();
  for (const [name, value] of entries) map.set(map.has(name) ? `${name} (twice)` : name, value);
  return Object.fromEntries(map);
}

function readRows({ fields }: RowsField, at: string, form: URLSearchParams): unknown {
  const rows: WrittenItem[] = [];
  for (let i = 0; i < MAX_ROWS; i++) {
    const entries = fields.flatMap((field) => {
      const value = readLeaf(field, `${at}.${i}.${field.key}`, form);
      return value === undefined ? [] : [[field.key, value] as const];
    });
    if (entries.length > 0) rows.push(Object.fromEntries(entries));
  }
  return rows.length === 0 ? undefined : rows;
}
