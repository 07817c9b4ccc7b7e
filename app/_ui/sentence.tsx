import { TIME_SOURCES } from '#lib/provenance/format.ts';
import type { Part, Sentence as Parts } from '#lib/provenance/sentence.ts';
import { Time } from './time.tsx';
import { Value } from './value.tsx';

const LIMITS = { identity: 128, issuer: 64, digest: 16, name: 64 } as const;

/** A sentence about what was found, with its values set apart from our words. */
export function Sentence({ parts }: { parts: Parts }) {
  // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never change places
  return parts.map((part, i) => <SentencePart key={i} part={part} />);
}

function SentencePart({ part }: { part: Part }) {
  if (typeof part === 'string') return part;
  if (part.kind === 'time') {
    return (
      <>
        <Time at={part.at} />
        {part.source === null ? null : <span className="text-muted"> ({TIME_SOURCES[part.source]})</span>}
      </>
    );
  }
  return <Value value={part.value} limit={LIMITS[part.kind]} className="rounded-sm bg-sunken px-0.5" />;
}
