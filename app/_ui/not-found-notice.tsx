import { AppLink } from './app-link.tsx';
import { PageHeader } from './panel.tsx';

/** For an address that names nothing. */
export function NotFoundNotice() {
  return (
    <>
      <PageHeader title="There is nothing at this address" />
      <p className="max-w-[70ch]">
        The address may be mistyped, or it names an event, model or log that this instance has never seen.
      </p>
      <p className="mt-3 flex flex-wrap gap-4">
        <AppLink href="/">Overview</AppLink>
        <AppLink href="/events">Events</AppLink>
        <AppLink href="/models">Models</AppLink>
      </p>
    </>
  );
}
