interface Props {
  readonly legend: string;
  readonly name: string;
  readonly type: 'radio' | 'checkbox';
  readonly choices: readonly { readonly value: string; readonly meaning: string }[];
  readonly isMono?: boolean;
  /** What was chosen before; else of radio buttons the first, of checkboxes none. */
  readonly chosen?: readonly string[] | undefined;
}

/** What can be chosen, each with what it means. */
export function Choices({ legend, name, type, choices, isMono = false, chosen }: Props) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium">{legend}</legend>
      {choices.map(({ value, meaning }, i) => (
        <label key={value} className="inline-flex min-h-6 items-start gap-2">
          <input
            type={type}
            name={name}
            value={value}
            defaultChecked={chosen ? chosen.includes(value) : type === 'radio' && i === 0}
            className="mt-0.5 size-4 shrink-0 accent-accent"
          />
          <span>
            <span className={isMono ? 'mono' : 'font-medium'}>{value}</span>{' '}
            <span className="text-muted">{meaning}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
