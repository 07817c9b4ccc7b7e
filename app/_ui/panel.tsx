import type { ReactNode } from 'react';

interface PanelProps {
  readonly title: string;
  readonly id?: string;
  readonly note?: ReactNode;
  /** Stands at the end of the heading's line. */
  readonly aside?: ReactNode;
  /** Tables fill the panel to its edges. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A titled part of a page. */
export function Panel({ title, id, note, aside, flush = false, children }: PanelProps) {
  return (
    <section className="min-w-0" {...(id ? { id, 'aria-labelledby': `${id}-title` } : {})}>
      <div className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="text-[0.9375rem] font-semibold" {...(id ? { id: `${id}-title` } : {})}>
          {title}
        </h2>
        {aside ? <div className="text-[0.8125rem] text-muted">{aside}</div> : null}
      </div>
      {note ? <p className="mb-2 max-w-[80ch] text-muted">{note}</p> : null}
      <div className={flush ? 'panel overflow-hidden' : 'panel p-4'}>{children}</div>
    </section>
  );
}

/** The first words of a page: what it is, and what is true of it now. */
export function PageHeader({ title, marks, children }: { title: ReactNode; marks?: ReactNode; children?: ReactNode }) {
  return (
    <header className="mb-6">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h1 className="min-w-0 text-xl font-semibold tracking-tight wrap-anywhere">{title}</h1>
        {marks}
      </div>
      {children ? <div className="mt-1 max-w-[90ch] text-muted">{children}</div> : null}
    </header>
  );
}

/** For a part that is rightly empty, as the faults of a healthy log are. */
export function Nothing({ children }: { children: ReactNode }) {
  return <p className="px-4 py-3 text-muted">{children}</p>;
}

/** What a list says when it has nothing to show: why, and what to do. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="px-4 py-8 text-center">
      <p className="font-medium">{title}</p>
      {children ? <div className="mx-auto mt-1 max-w-[60ch] text-muted">{children}</div> : null}
    </div>
  );
}
