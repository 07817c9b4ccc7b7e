import { AppLink } from '../_ui/app-link.tsx';
import { investigateUrl, type RowKind } from './scope-form.ts';

interface Props {
  readonly kind: RowKind;
  readonly value: string;
  /** The issuer of an identity, or the first and last entry of a log. */
  readonly more?: string;
  readonly children?: string;
}

/** Leads to the scope editor with what a page is about filled in. */
export function InvestigateLink({ kind, value, more = '', children = 'Investigate: what did it go into?' }: Props) {
  return <AppLink href={investigateUrl(kind, value, more)}>{children}</AppLink>;
}
