import { formatAge, formatPlural } from '#lib/provenance/format.ts';
import { elideMiddle, showText } from '#lib/provenance/untrusted-text.ts';
import type { Cosigner } from '#lib/services/log/read-cosigners.ts';

interface Props {
  readonly cosignatures: number;
  readonly cosigners: readonly Cosigner[];
  readonly quorum: boolean | null;
  readonly now: number;
}

/** Which witnesses cosigned a head, and how long ago by their own clocks. */
export function Cosigners({ cosignatures, cosigners, quorum, now }: Props) {
  if (quorum === null) {
    if (cosignatures === 0) return null;
    return <span className="block text-muted">{formatPlural(cosignatures, 'cosignature')} not checked</span>;
  }
  if (cosigners.length === 0) return null;
  return (
    <span className="block text-muted">
      {formatPlural(cosigners.length, 'witness', 'witnesses')}:
      {cosigners.map(({ name, timestamp }) => (
        <span key={name} className="block wrap-anywhere">
          {elideMiddle(showText(name), 60)}, {timestamp === null ? 'no time' : formatAge(timestamp * 1000, now)}
        </span>
      ))}
    </span>
  );
}
