import { showText } from '#lib/provenance/untrusted-text.ts';
import type { Asker } from '../_server/asker.ts';
import { AppLink } from './app-link.tsx';

/** Who is signed in, and the way out. */
export function SignedInAs({ asker }: { asker: Asker | null }) {
  const place =
    'flex min-w-0 items-center justify-between gap-3 text-[0.8125rem] max-lg:col-span-2 max-lg:row-start-3 max-lg:px-4 max-lg:pb-1.5 lg:mt-auto lg:border-t lg:border-line lg:px-5 lg:py-2.5';
  if (asker === null) return <span className="lg:mt-auto" />;
  if (asker.session === null) {
    return (
      <section aria-label="Account" className={place}>
        <span className="text-muted" title="access.without-sign-in in the configuration">
          Open to this machine, without sign-in
        </span>
      </section>
    );
  }
  return (
    <section aria-label="Account" className={place}>
      <span className="flex min-w-0 flex-col max-lg:flex-row max-lg:gap-2">
        <AppLink href="/settings/account">
          <bdi className="block truncate">{showText(asker.session.name)}</bdi>
        </AppLink>
        <span className="text-muted">{asker.role}</span>
      </span>
      <form action="/sign-out" method="post">
        <button type="submit" className="link min-h-6 cursor-pointer whitespace-nowrap">
          Sign out
        </button>
      </form>
    </section>
  );
}
