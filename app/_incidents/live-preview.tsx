'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState, useTransition } from 'react';

/** A pause in typing after which the preview follows. Milliseconds. */
const PAUSE = 400;

/** Has the preview follow the scope as it is edited. Without scripts there is the form's button. */
export function LivePreview({ formId }: { formId: string }) {
  const router = useRouter();
  const [isPending, startTransition] = useTransition();
  const [isOn, setIsOn] = useState(false);
  useEffect(() => {
    const form = document.getElementById(formId);
    if (!(form instanceof HTMLFormElement)) return undefined;
    setIsOn(true);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const follow = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const href = `${new URL(form.action).pathname}?${paramsOf(form)}`;
        startTransition(() => router.replace(href, { scroll: false }));
      }, PAUSE);
    };
    form.addEventListener('input', follow);
    return () => {
      clearTimeout(timer);
      form.removeEventListener('input', follow);
    };
  }, [formId, router]);
  if (!isOn) return null;
  return (
    <span role="status" className="text-muted">
      {isPending ? 'Working it out…' : 'The preview follows what you type.'}
    </span>
  );
}

function paramsOf(form: HTMLFormElement): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string') params.append(name, value);
  }
  params.set('rows', String(params.getAll('value').length));
  return params;
}
