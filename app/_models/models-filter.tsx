import { Search } from 'lucide-react';
import Form from 'next/form';
import { MODEL } from '#lib/provenance/model-state.ts';
import { LINK, NO_INPUTS, type State } from '#lib/provenance/state.ts';
import type { ModelsQuery } from '../_server/models-url.ts';
import { AppLink } from '../_ui/app-link.tsx';

/** Narrows the list of models. A plain GET form: the address says it all, and no script is needed. */
export function ModelsFilter({ query, isNarrowed }: { query: ModelsQuery; isNarrowed: boolean }) {
  return (
    <Form action="/models" prefetch={false} key={JSON.stringify(query)} className="mb-3 flex flex-wrap items-end gap-2">
      <label className="relative min-w-48 flex-1">
        <span className="sr-only">Part of the name</span>
        <Search size={15} aria-hidden="true" className="pointer-events-none absolute top-2 left-2.5 text-muted" />
        <input
          type="search"
          name="q"
          defaultValue={query.q ?? ''}
          placeholder="Part of the name"
          className="control w-full pl-8!"
        />
      </label>
      <label className="min-w-48 flex-1">
        <span className="sr-only">Part of the last signer’s identity</span>
        <input
          name="signer"
          defaultValue={query.signer ?? ''}
          placeholder="Part of the last signer’s identity"
          className="control w-full"
        />
      </label>
      <Choice name="state" label="State of the newest version" any="Any state" value={query.state} options={MODEL} />
      <Choice
        name="weakest"
        label="Weakest link of the newest version"
        any="Any weakest link"
        value={query.weakest}
        options={{ ...LINK, none: NO_INPUTS }}
      />
      <label className="inline-flex min-h-8 items-center gap-2">
        <input
          type="checkbox"
          name="findings"
          value="true"
          defaultChecked={query.findings === true}
          className="size-4 accent-accent"
        />
        Open findings only
      </label>
      <button type="submit" className="button button-accent">
        Filter
      </button>
      {isNarrowed ? (
        <AppLink href="/models" className="button">
          Clear
        </AppLink>
      ) : null}
    </Form>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly any: string;
  readonly value: string | null;
  readonly options: Readonly<Record<string, State>>;
}

function Choice({ name, label, any, value, options }: ChoiceProps) {
  return (
    <label>
      <span className="sr-only">{label}</span>
      <select name={name} defaultValue={value ?? ''} className="control">
        <option value="">{any}</option>
        {Object.entries(options).map(([option, { word }]) => (
          <option key={option} value={option}>
            {word}
          </option>
        ))}
      </select>
    </label>
  );
}
