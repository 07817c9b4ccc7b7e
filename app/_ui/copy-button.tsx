'use client';

import { Check, Copy } from 'lucide-react';
import { useState } from 'react';

/** Copies `value` whole, however it is shown. `label` names the thing: "Copy digest". */
export function CopyButton({ value, label }: { value: string; label: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  const copy = async () => {
    setState((await writeText(value)) ? 'copied' : 'failed');
    window.setTimeout(() => setState('idle'), 1500);
  };
  const Icon = state === 'copied' ? Check : Copy;
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={`Copy ${label}`}
      title={`Copy ${label}`}
      className="-my-0.5 inline-flex size-6 shrink-0 cursor-pointer items-center justify-center rounded text-muted hover:bg-sunken hover:text-ink"
    >
      <Icon size={13} aria-hidden="true" />
      <span role="status" className="sr-only">
        {state === 'copied' ? 'Copied' : state === 'failed' ? 'Could not copy' : ''}
      </span>
    </button>
  );
}

/** The clipboard API is there on https and localhost only; elsewhere the old command still works. */
async function writeText(value: string): Promise<boolean> {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(value);
      return true;
    } catch {
      return false;
    }
  }
  const field = document.createElement('textarea');
  field.value = value;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}
