interface Props {
  /** Tells the fields of two forms on one page apart. */
  readonly prefix: string;
  /** Names of models that are known here, to choose from. */
  readonly models: readonly string[];
}

/** What the files should be, where somebody knows. Without it, the closest known version is looked for. */
export function ExpectationFields({ prefix, models }: Props) {
  return (
    <fieldset className="grid gap-3 sm:grid-cols-3">
      <legend className="mb-1 text-muted">
        <span className="font-medium text-ink">What it should be</span> (optional). Without it, every known version is
        looked through.
      </legend>
      <label className="flex min-w-0 flex-col gap-1">
        <span>Model</span>
        <input name="model" list={`${prefix}-models`} maxLength={512} autoComplete="off" className="control w-full" />
        <datalist id={`${prefix}-models`}>
          {models.map((model) => (
            <option key={model} value={model} />
          ))}
        </datalist>
      </label>
      <label className="flex min-w-0 flex-col gap-1">
        <span>Version</span>
        <input
          name="version"
          maxLength={200}
          autoComplete="off"
          placeholder="label, id or root; any if empty"
          className="control w-full"
        />
      </label>
      <label className="flex min-w-0 flex-col gap-1">
        <span>Place</span>
        <input
          name="place"
          maxLength={200}
          autoComplete="off"
          placeholder="where it lies, in your words"
          className="control w-full"
        />
      </label>
    </fieldset>
  );
}
