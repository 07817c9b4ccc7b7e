import { connection } from 'next/server';
import type { ReactNode } from 'react';
import { Brand } from '../_ui/brand.tsx';
import { ThemeToggle } from '../_ui/theme-toggle.tsx';

/** The frame of pages for people whom we do not know yet: it tells nothing of what is here. */
export default async function AccessLayout({ children }: { children: ReactNode }) {
  await connection();
  return (
    <div className="mx-auto flex min-h-dvh max-w-[30rem] flex-col gap-6 px-4 py-8 sm:pt-[12vh]">
      <header className="flex items-center justify-between gap-4">
        <Brand organisation={null} />
        <ThemeToggle />
      </header>
      <main id="content">{children}</main>
    </div>
  );
}
