import type { LeafField, SettingField } from './setting-field.ts';
import type { ItemKind, WrittenItem } from './setting-section.ts';

/** The fields of a form as they are filled for an item. The counterpart is `readItemForm`. */
export function fillItemForm(kind: ItemKind, item: WrittenItem): URLSearchParams {
  const form = new URLSearchParams();
  if (typeof item.name === 'string') form.set('name', item.name);
  for (const field of kind.fields) fillField(form, field, field.key, item[field.key]);
  return form;
}

function fillField(form: URLSearchParams, field: SettingField, at: string, value: unknown): void {
  if (value === undefined || value === null) return;
  if (field.kind === 'map') {
    const entries = typeof value === 'object' && !Array.isArray(value) ? Object.entries(value) : [];
    for (const [i, [name, matcher]] of entries.entries()) {
      form.set(`${at}.${i}.name`, name);
      fillMatcher(form, `${at}.${i}`, matcher);
    }
    return;
  }
  if (field.kind !== 'rows') {
    fillLeaf(form, field, at, value);
    return;
  }
  for (const [i, row] of rowsOf(value).entries()) {
    for (const leaf of field.fields) {
      const inner = row[leaf.key];
      if (inner !== undefined) fillLeaf(form, leaf, `${at}.${i}.${leaf.key}`, inner);
    }
  }
}

function fillLeaf(form: URLSearchParams, field: LeafField, at: string, value: unknown): void {
  switch (field.kind) {
    case 'matcher':
      fillMatcher(form, at, value);
      return;
    case 'flag':
      if (value === true) form.set(at, 'yes');
      return;
    case 'tristate':
      form.set(at, value === true ? 'yes' : value === false ? 'no' : '');
      return;
    case 'lines':
      form.set(at, (Array.isArray(value) ? value : [value]).map(String).join('\n'));
      return;
    case 'choices':
      for (const chosen of Array.isArray(value) ? value : [value]) form.append(at, String(chosen));
      return;
    default:
      if (typeof value !== 'object') form.set(at, String(value));
  }
}

function fillMatcher(form: URLSearchParams, at: string, value: unknown): void {
  const [how, text] = describeMatcher(value);
  form.set(at, text);
  form.set(`${at}.how`, how);
}

/** How a value is matched, and with what: text alone means exact. */
export function describeMatcher(value: unknown): readonly [how: string, text: string] {
  if (typeof value !== 'object' || value === null) return ['exact', String(value ?? '')];
  const [how, text] = Object.entries(value)[0] ?? ['exact', ''];
  return [how, String(text)];
}

/** The maps of a list; what is none is taken for an empty one. */
export function rowsOf(value: unknown): readonly WrittenItem[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.map((row) => (typeof row === 'object' && row !== null ? (row as WrittenItem) : {}));
}
