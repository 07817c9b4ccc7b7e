import Form from 'next/form';
import type { ReactNode } from 'react';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import { AppLink } from './app-link.tsx';

interface FormProps {
  /** Address of the list. */
  readonly action: string;
  /** What narrows it now: another query is another form, so that no field keeps what was typed into the one before. */
  readonly query: object;
  /** What the link back says, where something narrows the list; null where nothing does. */
  readonly clear: string | null;
  /** Fields. */
  readonly children: ReactNode;
}

/** Narrows a list. A plain GET form, so that the address says it all and no script is needed. */
export function FilterForm({ action, query, clear, children }: FormProps) {
  return (
    <Form
      action={action}
      prefetch={false}
      key={JSON.stringify(query)}
      className="panel mb-3 flex flex-wrap items-end gap-x-3 gap-y-2 p-3"
    >
      {children}
      <button type="submit" className="button button-accent">
        Filter
      </button>
      {clear === null ? null : (
        <AppLink href={action} className="link inline-flex min-h-8 items-center">
          {clear}
        </AppLink>
      )}
    </Form>
  );
}

/** A control with its name above it. */
export function FilterField({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="flex min-w-0 flex-1 basis-44 flex-col gap-1 text-[0.8125rem]">
      <span className="text-muted">{label}</span>
      {children}
    </label>
  );
}

export interface FilterOption {
  readonly value: string;
  readonly label: string;
}

interface SelectProps {
  readonly name: string;
  readonly label: string;
  /** What is chosen; null for nothing. */
  readonly value: string | null;
  readonly options: readonly FilterOption[];
  /** What the choice of nothing is called; null where something is always chosen. */
  readonly any?: string | null;
}

const LONGEST = 60;

/** One of several. A value that is not among the options (from an old address) is added, so that the next filter keeps it. */
export function FilterSelect({ name, label, value, options, any = 'Any' }: SelectProps) {
  const isKnown = value === null || options.some((option) => option.value === value);
  return (
    <FilterField label={label}>
      <select name={name} defaultValue={value ?? ''} className="control w-full">
        {any === null ? null : <option value="">{any}</option>}
        {[...options, ...(isKnown ? [] : [{ value, label: value }])].map((option) => (
          <option key={option.value} value={option.value}>
            {elideMiddle(showText(option.label), LONGEST)}
          </option>
        ))}
      </select>
    </FilterField>
  );
}

interface TextProps {
  readonly name: string;
  readonly label: string;
  readonly value: string | null;
  readonly placeholder?: string;
  readonly maxLength?: number;
  /** Identities, issuers, digests. */
  readonly isMono?: boolean;
  /** Id of a `datalist`. */
  readonly list?: string;
}

export function FilterText({ label, value, isMono = false, ...input }: TextProps) {
  return (
    <FilterField label={label}>
      <input
        {...input}
        defaultValue={value ?? ''}
        className={isMono ? 'control mono w-full' : 'control w-full'}
        autoComplete="off"
      />
    </FilterField>
  );
}

/** A yes or no: yes is `true` in the address. */
export function FilterTick({
  name,
  label,
  isOn,
}: {
  readonly name: string;
  readonly label: string;
  readonly isOn: boolean;
}) {
  return (
    <label className="inline-flex min-h-8 items-center gap-2">
      <input type="checkbox" name={name} value="true" defaultChecked={isOn} className="size-4 accent-accent" />
      {label}
    </label>
  );
}
