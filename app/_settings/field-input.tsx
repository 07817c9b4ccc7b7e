import type { LeafField, MapField, RowsField, SettingField } from '#lib/config/setting-field.ts';
import type { ItemProblem } from '#lib/config/setting-section.ts';
import { LeafInput, MatcherInput } from './leaf-input.tsx';
import { ProblemText } from './problem-list.tsx';

interface Props<Field extends SettingField = SettingField> {
  readonly field: Field;
  readonly form: URLSearchParams;
  readonly problems: readonly ItemProblem[];
}

/** Empty rows that are offered besides those that are filled. */
const SPARE_ROWS = 2;
const MAX_ROWS = 100;

/** A field of an item with its label, its note and what is wrong with it. */
export function FieldInput({ field, form, problems }: Props) {
  const { key, label, note } = field;
  const describedBy = `note-${key}${problems.length > 0 ? ` problem-${key}` : ''}`;
  const isOne =
    field.kind === 'text' || field.kind === 'choice' || field.kind === 'tristate' || field.kind === 'number';
  const isLabelled = isOne || field.kind === 'flag' || field.kind === 'lines';
  const below = (
    <>
      <span id={`note-${key}`} className="block max-w-[80ch] text-muted">
        {note}
      </span>
      {problems.length > 0 ? (
        <span id={`problem-${key}`} className="block">
          {problems.map((problem) => (
            <ProblemText key={problem.path.join('.') + problem.message} problem={problem} skip={1} />
          ))}
        </span>
      ) : null}
    </>
  );
  if (isLabelled) {
    return (
      <div id={`field-${key}`} className="flex max-w-[52rem] flex-col gap-1">
        <label htmlFor={`input-${key}`} className="self-start font-medium">
          {label}
        </label>
        <LeafInput field={field} at={key} id={`input-${key}`} form={form} describedBy={describedBy} />
        {below}
      </div>
    );
  }
  return (
    <fieldset id={`field-${key}`} className="flex max-w-[52rem] min-w-0 flex-col gap-1.5">
      <legend className="mb-1 font-medium">{label}</legend>
      {field.kind === 'map' ? <MapRows field={field} form={form} describedBy={describedBy} /> : null}
      {field.kind === 'rows' ? <Rows field={field} form={form} describedBy={describedBy} /> : null}
      {field.kind === 'matcher' || field.kind === 'choices' ? (
        <LeafInput field={field} at={key} form={form} describedBy={describedBy} />
      ) : null}
      {below}
    </fieldset>
  );
}

interface RowsProps<Field> {
  readonly field: Field;
  readonly form: URLSearchParams;
  readonly describedBy: string;
}

function MapRows({ field: { key, names, label }, form, describedBy }: RowsProps<MapField>) {
  const list = `names-${key}`;
  return (
    <>
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {rowNumbers(form, key).map((i) => (
        <span key={i} className="flex flex-wrap gap-2">
          <input
            name={`${key}.${i}.name`}
            list={list}
            defaultValue={form.get(`${key}.${i}.name`) ?? ''}
            aria-label={`${label}, ${i + 1}: name`}
            aria-describedby={describedBy}
            placeholder="source-repository-uri"
            autoComplete="off"
            className="control mono min-w-0 flex-1 basis-44"
          />
          <span className="flex-[2] basis-72">
            <MatcherInput
              at={`${key}.${i}`}
              form={form}
              describedBy={describedBy}
              label={`${label}, ${i + 1}: value`}
            />
          </span>
        </span>
      ))}
    </>
  );
}

function Rows({ field: { key, row, fields }, form, describedBy }: RowsProps<RowsField>) {
  return rowNumbers(form, key).map((i) => (
    <fieldset key={i} className="flex min-w-0 flex-col gap-2 rounded border border-line p-3">
      <legend className="px-1 text-muted">
        {row.charAt(0).toUpperCase() + row.slice(1)} {i + 1}
      </legend>
      {fields.map((leaf) => (
        <RowField
          key={leaf.key}
          leaf={leaf}
          at={`${key}.${i}.${leaf.key}`}
          form={form}
          describedBy={describedBy}
          label={`${row} ${i + 1}: ${leaf.label}`}
        />
      ))}
    </fieldset>
  ));
}

interface RowFieldProps {
  readonly leaf: LeafField;
  readonly at: string;
  readonly form: URLSearchParams;
  readonly describedBy: string;
  readonly label: string;
}

function RowField({ leaf, at, form, describedBy, label }: RowFieldProps) {
  return (
    <div className="grid gap-x-3 gap-y-0.5 sm:grid-cols-[6rem_minmax(0,1fr)] sm:items-center">
      <span aria-hidden="true" title={leaf.note}>
        {leaf.label}
      </span>
      <LeafInput field={leaf} at={at} form={form} describedBy={describedBy} label={label} />
    </div>
  );
}

/** The rows that are filled, and a few more. */
function rowNumbers(form: URLSearchParams, key: string): readonly number[] {
  const filled = [...form]
    .filter(([name, value]) => name.startsWith(`${key}.`) && !name.endsWith('.how') && value.trim() !== '')
    .map(([name]) => Number(name.slice(key.length + 1).split('.')[0]))
    .filter((i) => Number.isInteger(i) && i >= 0 && i < MAX_ROWS);
  const count = Math.min(MAX_ROWS, Math.max(-1, ...filled) + 1 + SPARE_ROWS);
  return Array.from({ length: count }, (_, i) => i);
}
