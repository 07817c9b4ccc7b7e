import { identityUrl } from '../_server/object-urls.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { Signer, Value } from '../_ui/value.tsx';

/** Longer ones do not fit into an address that every server takes. */
const MOST = 2000;

/** An identity over its issuer, leading to all that it signed. */
export function SignerLink({
  san,
  issuer,
  limit = 104,
}: {
  san: string | null;
  issuer: string | null;
  limit?: number;
}) {
  if (san === null || san.length > MOST) return <Signer san={san} issuer={issuer} limit={limit} />;
  return (
    <span className="lines md:min-w-56">
      <AppLink href={identityUrl(san, issuer)} className="link w-fit max-w-full">
        <Value value={san} limit={limit} />
      </AppLink>
      {issuer === null ? null : <Value value={issuer} limit={64} className="text-muted" />}
    </span>
  );
}
