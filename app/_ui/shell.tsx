import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { whoAsks } from '../_server/asker.ts';
import { attentionGroups, countAttention } from '../_server/attention-groups.ts';
import { changeStamp, readDatabase } from '../_server/database.ts';
import { readSituation } from '../_server/overview.ts';
import { Brand } from './brand.tsx';
import { LiveUpdates } from './live-updates.tsx';
import { NavLinks } from './nav-links.tsx';
import { SignedInAs } from './signed-in-as.tsx';
import { StateGlyph } from './state-mark.tsx';
import { ThemeToggle } from './theme-toggle.tsx';

/** The frame around every page: where one is, where one can go, and whether what is shown is fresh. It tells nothing to nobody. */
export async function Shell({ children }: { children: ReactNode }) {
  const asker = await whoAsks(await headers());
  const database = readDatabase();
  const situation = asker === null || 'problem' in database ? null : await readSituation(database);
  const stamp = asker === null || 'problem' in database ? null : changeStamp(database);
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="fixed top-2 left-2 z-20 rounded bg-accent px-3 py-2 font-medium text-on-accent not-focus:sr-only"
      >
        Skip to the content
      </a>
      <div className="top-0 z-10 grid lg:sticky grid-cols-[minmax(0,1fr)_auto] items-center border-line bg-surface max-lg:border-b lg:flex lg:h-dvh lg:flex-col lg:items-stretch lg:border-r">
        <header className="min-w-0 px-4 max-lg:col-start-1 max-lg:row-start-1 py-2.5 lg:py-4">
          <Brand organisation={situation?.configuration.organisation ?? null} />
        </header>
        <nav aria-label="Main" className="px-2 pb-1.5 max-lg:col-span-2 max-lg:row-start-2 lg:px-3">
          <NavLinks
            attention={situation ? countAttention(attentionGroups(situation)) : 0}
            newAlerts={situation?.alerts.new ?? 0}
          />
        </nav>
        <SignedInAs asker={asker} />
        <section
          aria-label="Display"
          className="flex items-center gap-2 max-lg:col-start-2 max-lg:row-start-1 max-lg:pr-3 lg:justify-between lg:border-t lg:border-line lg:p-3"
        >
          {stamp === null ? <span /> : <LiveUpdates stamp={stamp} />}
          <ThemeToggle />
        </section>
      </div>
      <div className="min-w-0">
        {situation && !situation.health.jobs.isRunning ? <JobsNotice /> : null}
        <main id="content" tabIndex={-1} className="mx-auto max-w-[84rem] px-4 py-5 outline-none lg:px-8 lg:py-7">
          {children}
        </main>
      </div>
    </div>
  );
}

function JobsNotice() {
  return (
    <section
      aria-label="Jobs"
      className="flex items-center gap-2 border-b border-line bg-broken-tint px-4 py-2 text-broken lg:px-8"
    >
      <StateGlyph tone="broken" />
      <p>
        <strong className="font-semibold">The jobs are not running.</strong> Everything below is as it was when they
        last ran.
      </p>
    </section>
  );
}
