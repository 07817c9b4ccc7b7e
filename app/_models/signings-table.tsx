import { formatIso, formatUtc, TIME_SOURCES } from '#lib/provenance/format.ts';
import { AUTHENTICITY, LOGGED, SIGNATURE, type State } from '#lib/provenance/state.ts';
import { SignerLink } from '../_identities/signer-link.tsx';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';
import { KIND_WORDS } from './drawn-timeline.ts';
import type { ModelSigning } from './signings.ts';
import { KindShape } from './timeline-marks.tsx';

/** The timeline as a table: the same signings, newest first. */
export function SigningsTable({ signings }: { signings: readonly ModelSigning[] }) {
  return (
    <ScrollArea label="Signings of the timeline, newest first" className="max-h-[32rem]">
      <table className="table table-stack">
        <thead className="md:sticky md:top-0 md:z-1">
          <tr>
            <th scope="col">When</th>
            <th scope="col">Kind</th>
            <th scope="col">Signer</th>
            <th scope="col">About</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {signings.map((signing) => (
            <tr key={signing.id} id={`signing-${signing.id}`}>
              <th scope="row" data-label="When">
                <span className="lines">
                  <When signing={signing} />
                </span>
              </th>
              <td data-label="Kind">
                <span className="flex items-start gap-1.5">
                  <svg width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true" className="mt-0.5 shrink-0">
                    <KindShape kind={signing.kind} />
                  </svg>
                  {KIND_WORDS[signing.kind]}
                </span>
              </td>
              <td data-label="Signer">
                {signing.kind === 'observed' ? (
                  <span className="text-muted">nobody</span>
                ) : (
                  <SignerLink san={signing.san} issuer={signing.issuer} />
                )}
              </td>
              <td data-label="About">
                <Value value={signing.label} limit={60} />
              </td>
              <td data-label="State">
                <StateMark state={stateOf(signing)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function stateOf({ kind, bundle, authenticity }: ModelSigning): State {
  if (kind === 'observed') return SIGNATURE.unsigned;
  return bundle ? LOGGED[bundle.logged] : AUTHENTICITY[authenticity];
}

function When({ signing }: { signing: ModelSigning }) {
  const time = <time dateTime={formatIso(signing.at)}>{formatUtc(signing.at)}</time>;
  const isSeen = signing.kind === 'observed' || (signing.bundle !== null && signing.bundle.signedAt === null);
  const source = isSeen ? 'first-seen' : (signing.bundle?.signedAtSource ?? null);
  return (
    <>
      {signing.eventId === null ? (
        <span className="whitespace-nowrap">{time}</span>
      ) : (
        <AppLink href={`/events/${signing.eventId}`} className="link whitespace-nowrap">
          {time}
        </AppLink>
      )}
      {source ? <span className="text-muted">{TIME_SOURCES[source]}</span> : null}
    </>
  );
}
