import { formatCount } from '#lib/provenance/format.ts';
import { AppLink } from './app-link.tsx';

interface Props {
  readonly shown: number;
  readonly total: number;
  /** What is counted, in the plural. */
  readonly what: string;
  /** Where all of them are. */
  readonly href: string;
}

/** Under the beginning of a list: how much of it there is, and where the rest is. */
export function MoreRows({ shown, total, what, href }: Props) {
  if (shown >= total) return null;
  return (
    <p className="border-t border-line px-4 py-2">
      <span className="text-muted">
        {formatCount(shown)} of {formatCount(total)} shown.{' '}
      </span>
      <AppLink href={href}>
        All {formatCount(total)} {what}
      </AppLink>
    </p>
  );
}
