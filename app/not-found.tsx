import type { Metadata } from 'next';
import { NotFoundNotice } from './_ui/not-found-notice.tsx';
import { Shell } from './_ui/shell.tsx';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <Shell>
      <NotFoundNotice />
    </Shell>
  );
}
