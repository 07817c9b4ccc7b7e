import type { ReactNode } from 'react';

/** Keeps what is wide or long from widening or lengthening the page: it scrolls by itself, with the keyboard too. */
export function ScrollArea({
  label,
  className = '',
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section aria-label={label} tabIndex={0} className={`relative overflow-auto -outline-offset-2 ${className}`}>
      {children}
    </section>
  );
}
