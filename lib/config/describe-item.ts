import { describeMatcher, rowsOf } from './fill-item-form.ts';
import type { LeafField, SettingField } from './setting-field.ts';
import type { SettingSection, WrittenItem } from './setting-section.ts';

/** One thing that an item says. */
export interface ItemFact {
  readonly label: string;
  readonly values: readonly string[];
}

/** What an item says, field by field, for people. Keys that no form has are shown by their names. */
export function describeItem(section: SettingSection, item: WrittenItem): readonly ItemFact[] {
  const fields = section.kindOf(item)?.fields ?? [];
  return Object.entries(item).flatMap(([key, value]): ItemFact[] => {
    if (key === 'name') return [];
    const field = fields.find((known) => known.key === key);
    const values = field === undefined ? [plain(value)] : describeField(field, value);
    return values.length === 0 ? [] : [{ label: field?.label ?? key.charAt(0).toUpperCase() + key.slice(1), values }];
  });
}

function describeField(field: SettingField, value: unknown): readonly string[] {
  if (field.kind === 'map') {
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return entries.map(([name, matcher]) => `${name} ${matcherText(matcher)}`);
  }
  if (field.kind !== 'rows') return describeLeaf(field, value);
  return rowsOf(value).map((row) =>
    field.fields.flatMap((leaf) => (row[leaf.key] === undefined ? [] : describeLeaf(leaf, row[leaf.key]))).join(', '),
  );
}

function describeLeaf(field: LeafField, value: unknown): readonly string[] {
  switch (field.kind) {
    case 'matcher':
      return [matcherText(value)];
    case 'lines':
    case 'choices':
      return (Array.isArray(value) ? value : [value]).map(plain);
    case 'flag':
    case 'tristate':
      return [value === true ? 'yes' : 'no'];
    default:
      return [plain(value)];
  }
}

function matcherText(value: unknown): string {
  const [how, text] = describeMatcher(value);
  return how === 'exact' ? text : `${how} ${text}`;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
