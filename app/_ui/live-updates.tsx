'use client';

import { Pause, Play } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { startTransition, useEffect, useRef, useState } from 'react';

const INTERVAL = 4000;

/**
 * Draws the page again when the database has changed, while somebody looks at it; a press stops that (WCAG 2.2.2).
 * `stamp` is the state that this page was drawn from.
 */
export function LiveUpdates({ stamp }: { stamp: string }) {
  const router = useRouter();
  const [isLive, setLive] = useState(true);
  const drawn = useRef(stamp);
  drawn.current = stamp;
  useEffect(() => {
    if (!isLive) return;
    const look = async () => {
      if (document.visibilityState !== 'visible') return;
      const current = await readStamp();
      if (current !== null && current !== drawn.current) startTransition(() => router.refresh());
    };
    const timer = window.setInterval(look, INTERVAL);
    document.addEventListener('visibilitychange', look);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [isLive, router]);
  const Icon = isLive ? Pause : Play;
  return (
    <button
      type="button"
      onClick={() => setLive(!isLive)}
      title={
        isLive
          ? 'The page follows the database. Press to hold it still.'
          : 'The page stands still. Press to follow the database.'
      }
      className="flex min-h-7 cursor-pointer items-center gap-1.5 rounded px-1.5 text-[0.8125rem] text-muted hover:bg-sunken hover:text-ink"
    >
      <Icon size={13} aria-hidden="true" />
      {isLive ? 'Live: hold' : 'Held: follow'}
    </button>
  );
}

async function readStamp(): Promise<string | null> {
  try {
    const response = await fetch('/api/version', { cache: 'no-store' });
    return response.ok ? (await response.text()).trim() : null;
  } catch {
    return null;
  }
}
