import { ChevronLeft, ChevronRight } from 'lucide-react';
import { AppLink } from './app-link.tsx';

/** Neighbouring pages of a list that is sorted newest first; null where there is none. */
export function Pager({
  newer,
  older,
  newest,
}: {
  newer: string | null;
  older: string | null;
  newest?: string | null;
}) {
  if (newer === null && older === null) return null;
  return (
    <nav aria-label="Pages" className="mt-3 flex items-center gap-2">
      {newer !== null && newest ? (
        <AppLink href={newest} className="button">
          Newest
        </AppLink>
      ) : null}
      {newer === null ? null : (
        <AppLink href={newer} className="button" rel="prev">
          <ChevronLeft size={15} aria-hidden="true" /> Newer
        </AppLink>
      )}
      {older === null ? null : (
        <AppLink href={older} className="button" rel="next">
          Older <ChevronRight size={15} aria-hidden="true" />
        </AppLink>
      )}
    </nav>
  );
}
