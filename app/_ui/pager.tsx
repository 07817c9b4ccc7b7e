import { ChevronLeft, ChevronRight } from 'lucide-react';
import { AppLink } from './app-link.tsx';

/** Neighbouring pages of a list; null where there is none. Lists are sorted newest first, unless `words` say otherwise. */
export function Pager({
  newer,
  older,
  newest,
  words = { newer: 'Newer', older: 'Older' },
  className = 'mt-3',
}: {
  newer: string | null;
  older: string | null;
  newest?: string | null;
  words?: { readonly newer: string; readonly older: string };
  className?: string;
}) {
  if (newer === null && older === null) return null;
  return (
    <nav aria-label="Pages" className={`${className} flex items-center gap-2`}>
      {newer !== null && newest ? (
        <AppLink href={newest} className="button">
          Newest
        </AppLink>
      ) : null}
      {newer === null ? null : (
        <AppLink href={newer} className="button" rel="prev">
          <ChevronLeft size={15} aria-hidden="true" /> {words.newer}
        </AppLink>
      )}
      {older === null ? null : (
        <AppLink href={older} className="button" rel="next">
          {words.older} <ChevronRight size={15} aria-hidden="true" />
        </AppLink>
      )}
    </nav>
  );
}
