'use client';

import { useEffect, useState } from 'react';
import { CopyButton } from '../_ui/copy-button.tsx';

/** The page's own address, to hand on; only the browser knows by which name it reached this server. */
export function CopyAddress({ path }: { path: string }) {
  const [origin, setOrigin] = useState('');
  useEffect(() => setOrigin(window.location.origin), []);
  return (
    <span className="inline-flex min-w-0 items-center gap-1">
      <bdi className="mono">{`${origin}${path}`}</bdi>
      {origin === '' ? null : <CopyButton value={`${origin}${path}`} label="address" />}
    </span>
  );
}
