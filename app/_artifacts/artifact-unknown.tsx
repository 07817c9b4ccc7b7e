'use client';

import { usePathname } from 'next/navigation';
import { AppLink } from '../_ui/app-link.tsx';
import { PageHeader } from '../_ui/panel.tsx';
import { Value } from '../_ui/value.tsx';

const LENGTHS: Readonly<Record<string, number>> = {
  sha256: 64,
  sha384: 96,
  sha512: 128,
  blake2b: 128,
  blake3: 64,
  git: 40,
};

/** For a digest or name that nothing here has: what that means, and what can be done. */
export function ArtifactUnknown() {
  const [scheme = '', value = ''] = usePathname().split('/').slice(2).map(decodePart);
  const length = LENGTHS[scheme];
  const isDigest = length !== undefined;
  const isWhole = !isDigest || (value.length === length && /^[0-9a-f]*$/.test(value));
  return (
    <>
      <PageHeader title="Nothing here is known by this name" />
      <div className="flex max-w-[75ch] flex-col gap-3">
        <p>
          <Value value={`${scheme}:${value}`} limit={160} />
        </p>
        {isWhole ? (
          <p>
            No bundle, no statement and no model file that was brought here names it. That says nothing of whether it is
            signed: its signature may exist and not have been shown here.
          </p>
        ) : (
          <p>
            A {scheme} digest has {length} hexadecimal digits; this has {value.length} characters. Compare it with where
            you copied it from.
          </p>
        )}
        {isDigest || scheme === 'hf' || scheme === 'name' ? null : (
          <p>Names here begin with sha256, sha384, sha512, blake2b, blake3, git, hf or name.</p>
        )}
        <p className="flex flex-wrap gap-4">
          <AppLink href={`/events?q=${encodeURIComponent(value.slice(0, 128))}`}>Search the events for it</AppLink>
          <AppLink href="/models">Models</AppLink>
          <AppLink href="/datasets">Data sets</AppLink>
          <AppLink href="/sources">Bring a bundle</AppLink>
        </p>
      </div>
    </>
  );
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
