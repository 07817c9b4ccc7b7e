import { AppLink } from '../_ui/app-link.tsx';
import { PageHeader } from '../_ui/panel.tsx';

/** Stands in for a page that is not for somebody’s role. */
export default function Forbidden() {
  return (
    <>
      <PageHeader title="This page is not for your role" />
      <div className="panel max-w-[80ch] p-4">
        <p>
          Your account may not see it. <AppLink href="/settings/account">Your account</AppLink> says which role you
          have; an admin can change it.
        </p>
      </div>
    </>
  );
}
