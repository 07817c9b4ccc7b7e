import { TIME_SOURCES, type TimeSource } from '#lib/provenance/format.ts';
import { LOGGED } from '#lib/provenance/state.ts';
import type { AnswerSigning } from '#lib/provenance/verification.ts';
import { SignerLink } from '../_identities/signer-link.tsx';
import { AppLink } from '../_ui/app-link.tsx';
import { ScrollArea } from '../_ui/scroll-area.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Time } from '../_ui/time.tsx';
import { Value } from '../_ui/value.tsx';

const METHODS: Readonly<Record<AnswerSigning['method'], string>> = {
  sigstore: 'certificate of a Sigstore authority',
  key: 'key',
  certificate: 'certificate of an own authority',
};

/** Who signed the version, newest first. */
export function AnswerSignings({ signings }: { signings: readonly AnswerSigning[] }) {
  return (
    <ScrollArea label="Signatures of the version" className="max-h-[28rem]">
      <table className="table table-stack">
        <thead>
          <tr>
            <th scope="col">Signer</th>
            <th scope="col">With</th>
            <th scope="col">Signed</th>
            <th scope="col">Log</th>
          </tr>
        </thead>
        <tbody>
          {signings.map((signing) => (
            <tr key={signing.bundleId}>
              <th scope="row" data-label="Signer">
                <SignerLink san={signing.san} issuer={signing.issuer} />
              </th>
              <td data-label="With">{METHODS[signing.method]}</td>
              <td data-label="Signed">
                {signing.signedAt === null ? (
                  <span className="text-muted">nothing proves when</span>
                ) : (
                  <Time at={signing.signedAt} source={timeSource(signing.signedAtSource)} stacked />
                )}
              </td>
              <td data-label="Log">
                <LogPlace signing={signing} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

function LogPlace({ signing: { logged, origin, logIndex, eventId } }: { signing: AnswerSigning }) {
  const place = logIndex === null ? null : `entry ${logIndex}`;
  return (
    <span className="lines">
      <StateMark state={LOGGED[logged]} />
      {origin === null ? null : <Value value={origin} limit={48} className="text-muted" />}
      {place === null ? null : eventId === null ? (
        <span className="text-muted">{place}</span>
      ) : (
        <AppLink href={`/events/${eventId}`} className="link w-fit">
          {place}
        </AppLink>
      )}
    </span>
  );
}

function timeSource(source: string | null): TimeSource | null {
  return source !== null && Object.hasOwn(TIME_SOURCES, source) ? (source as TimeSource) : null;
}
