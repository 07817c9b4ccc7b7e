import { Search } from 'lucide-react';
import Form from 'next/form';
import type { ReactNode } from 'react';
import { AppLink } from './app-link.tsx';

interface Props {
  readonly action: string;
  readonly label: string;
  readonly value: string | null;
  /** Whether something else narrows the list too. */
  readonly isNarrowed?: boolean;
  /** More controls of the same form. */
  readonly children?: ReactNode;
}

/** Narrows a list by a part of a text. A plain GET form: the address says it all, and no script is needed. */
export function SearchField({ action, label, value, isNarrowed = value !== null, children }: Props) {
  return (
    <Form
      action={action}
      prefetch={false}
      key={`${value} ${isNarrowed}`}
      className="mb-3 flex flex-wrap items-end gap-2"
    >
      <label className="relative min-w-48 flex-1">
        <span className="sr-only">{label}</span>
        <Search size={15} aria-hidden="true" className="pointer-events-none absolute top-2 left-2.5 text-muted" />
        <input type="search" name="q" defaultValue={value ?? ''} placeholder={label} className="control w-full pl-8!" />
      </label>
      {children}
      <button type="submit" className="button button-accent">
        Filter
      </button>
      {isNarrowed ? (
        <AppLink href={action} className="button">
          Clear
        </AppLink>
      ) : null}
    </Form>
  );
}
