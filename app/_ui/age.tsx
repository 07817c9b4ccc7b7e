'use client';

import { useEffect, useState } from 'react';
import { formatAge } from '#lib/provenance/format.ts';

const TICK = 5000;

/** How long ago by the server's clock, counted on in the browser: two clocks are never compared. */
export function Age({ at, now }: { at: number; now: number }) {
  const [elapsed, setElapsed] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `now` starts the count again
  useEffect(() => {
    const began = performance.now();
    setElapsed(0);
    const timer = window.setInterval(() => setElapsed(performance.now() - began), TICK);
    return () => window.clearInterval(timer);
  }, [now]);
  return <span className="whitespace-nowrap">{formatAge(at, now + elapsed)}</span>;
}
