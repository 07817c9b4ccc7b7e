import type { ReactNode } from 'react';
import { StateGlyph } from '../_ui/state-mark.tsx';

/** Says why somebody is not let in. */
export function ProblemNotice({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="flex gap-2 rounded border border-line bg-broken-tint px-3 py-2 text-broken">
      <span className="mt-0.5">
        <StateGlyph tone="broken" />
      </span>
      <span className="min-w-0 wrap-anywhere">{children}</span>
    </p>
  );
}
