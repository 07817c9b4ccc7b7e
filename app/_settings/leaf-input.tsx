import type { FieldOption, LeafField } from '#lib/config/setting-field.ts';

interface Props {
  readonly field: LeafField;
  /** Its name in the form. */
  readonly at: string;
  readonly form: URLSearchParams;
  /** Ids of what describes it. */
  readonly describedBy: string;
  /** Where no label is for it. */
  readonly label?: string;
  /** What its label is for. */
  readonly id?: string;
}

const HOWS: readonly FieldOption[] = [
  { value: 'exact', label: 'is exactly' },
  { value: 'glob', label: 'matches the glob' },
  { value: 'pattern', label: 'matches the RE2 pattern' },
];

/** One field of an item's form, filled as far as it is. */
export function LeafInput({ field, at, form, describedBy, label, id }: Props) {
  const value = form.get(at) ?? '';
  const common = {
    name: at,
    'aria-describedby': describedBy,
    ...(id === undefined ? {} : { id }),
    ...(label === undefined ? {} : { 'aria-label': label }),
  };
  const example = 'example' in field && field.example !== undefined ? { placeholder: field.example } : {};
  switch (field.kind) {
    case 'text':
      return (
        <input
          {...common}
          {...example}
          defaultValue={value}
          maxLength={4096}
          autoComplete="off"
          spellCheck={false}
          className="control mono w-full"
        />
      );
    case 'number':
      return <input {...common} defaultValue={value} inputMode="numeric" className="control w-28" />;
    case 'matcher':
      return <MatcherInput at={at} form={form} describedBy={describedBy} label={label ?? field.label} {...example} />;
    case 'choice':
      return <Choice {...common} options={field.options} value={value} />;
    case 'tristate':
      return (
        <Choice
          {...common}
          value={value}
          options={[
            { value: '', label: field.unset },
            { value: 'yes', label: 'yes' },
            { value: 'no', label: 'no' },
          ]}
        />
      );
    case 'flag':
      return (
        <input
          {...common}
          type="checkbox"
          value="yes"
          defaultChecked={value === 'yes'}
          className="size-4 accent-accent"
        />
      );
    case 'lines':
      return <textarea {...common} defaultValue={value} rows={3} spellCheck={false} className="control mono w-full" />;
    case 'choices':
      return <Choices at={at} options={field.options} chosen={form.getAll(at)} describedBy={describedBy} />;
  }
}

interface MatcherProps {
  readonly at: string;
  readonly form: URLSearchParams;
  readonly describedBy: string;
  readonly label: string;
  readonly placeholder?: string;
}

/** How a value must match, and with what. */
export function MatcherInput({ at, form, describedBy, label, ...example }: MatcherProps) {
  return (
    <span className="flex flex-wrap gap-2">
      <select
        name={`${at}.how`}
        defaultValue={form.get(`${at}.how`) ?? 'exact'}
        aria-label={`${label}: how`}
        className="control"
      >
        {HOWS.map((how) => (
          <option key={how.value} value={how.value}>
            {how.label}
          </option>
        ))}
      </select>
      <input
        name={at}
        defaultValue={form.get(at) ?? ''}
        aria-label={label}
        aria-describedby={describedBy}
        maxLength={2048}
        autoComplete="off"
        spellCheck={false}
        className="control mono min-w-0 flex-1 basis-60"
        {...example}
      />
    </span>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly value: string;
  readonly options: readonly FieldOption[];
}

function Choice({ options, value, ...common }: ChoiceProps) {
  return (
    <select {...common} defaultValue={value} className="control max-w-full self-start">
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

interface ChoicesProps {
  readonly at: string;
  readonly options: readonly FieldOption[];
  readonly chosen: readonly string[];
  readonly describedBy: string;
}

function Choices({ at, options, chosen, describedBy }: ChoicesProps) {
  return (
    <span className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
      {options.map(({ value, label }) => (
        <label key={value} className="inline-flex min-h-6 items-start gap-2">
          <input
            type="checkbox"
            name={at}
            value={value}
            defaultChecked={chosen.includes(value)}
            aria-describedby={describedBy}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          {label}
        </label>
      ))}
    </span>
  );
}
