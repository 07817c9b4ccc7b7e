import type { ReactNode } from 'react';
import { chainSentence } from '#lib/provenance/chain-sentence.ts';
import { formatPlural } from '#lib/provenance/format.ts';
import { MODEL, type ModelState } from '#lib/provenance/model-state.ts';
import { versionSentence } from '#lib/provenance/sentence.ts';
import { isSameSigner } from '#lib/provenance/signer.ts';
import { LINK, NO_INPUTS, type State } from '#lib/provenance/state.ts';
import type { Verdict } from '#lib/services/graph/list-verdicts.ts';
import type { ModelVersion } from '#lib/services/model/get.ts';
import type { VersionDetail } from '#lib/services/model/get-version.ts';
import { diffUrl } from '../_server/object-urls.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { Sentence } from '../_ui/sentence.tsx';
import { StateMark } from '../_ui/state-mark.tsx';
import { Value } from '../_ui/value.tsx';

interface Props {
  readonly detail: VersionDetail;
  readonly state: ModelState;
  readonly verdicts: readonly Verdict[];
  /** The reason of the weakest link upstream. */
  readonly why: string | null;
  /** The version signed, or seen, before this one. */
  readonly before: ModelVersion | null;
}

/** The first words of a model's page: does it verify and by whom, is there a break upstream, what changed, where is the proof. */
export function Answers({ detail, state, verdicts, why, before }: Props) {
  const { artifact } = detail;
  const weakest = artifact?.weakest ?? null;
  return (
    <section aria-label="In words" className="panel divide-y divide-line border-l-4 border-l-accent">
      <Answer question="Does it verify?" mark={MODEL[state]}>
        <p>
          <Sentence parts={signatureSentence(detail)} />
        </p>
        <p className="mt-1 wrap-anywhere text-muted">
          <Expectation detail={detail} state={state} />
        </p>
      </Answer>
      <Answer question="Is there a break upstream?" mark={weakest === null ? NO_INPUTS : LINK[weakest]}>
        <p className="wrap-anywhere">
          <Sentence parts={chainSentence(weakest, verdicts, why)} />{' '}
          {weakest === null ? null : <AppLink href="#chain">See the chain</AppLink>}
        </p>
      </Answer>
      <Answer question="What changed?">
        <Changed detail={detail} before={before} />
      </Answer>
      <Answer question="Where is the proof?">
        <Proof detail={detail} />
      </Answer>
    </section>
  );
}

function Answer({ question, mark, children }: { question: string; mark?: State; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 gap-y-1 px-4 py-2.5 md:grid-cols-[12rem_minmax(0,1fr)]">
      <div className="flex flex-wrap items-baseline gap-x-3 md:flex-col">
        <h2 className="text-muted">{question}</h2>
        {mark ? <StateMark state={mark} /> : null}
      </div>
      <div className="max-w-[100ch] min-w-0 leading-6">{children}</div>
    </div>
  );
}

function signatureSentence({ version, signings }: VersionDetail) {
  return versionSentence({
    root: version.root,
    fileCount: version.fileCount,
    ignoredCount: version.ignorePaths.length,
    seenAs: version.seenAs,
    signing: signings[0] ?? null,
  });
}

function Expectation({ detail: { artifact, policy, signings }, state }: { detail: VersionDetail; state: ModelState }) {
  if (signings.length === 0)
    return 'Ask who published these files for their signature: nothing shows where they come from.';
  if (policy === null) {
    return 'No expectation says who may sign it, so any good signature counts: look at who signed, and write it down under models in the configuration.';
  }
  return (
    <>
      {state === 'unexpected' ? 'The expectation ' : 'As the expectation '}
      <Value value={policy} limit={60} isText className="font-medium" />
      {state === 'unexpected' ? ' does not name this signer. ' : ' asks. '}
      {artifact?.signatureReason}
    </>
  );
}

function Changed({
  detail: { model, version, signings },
  before,
}: {
  detail: VersionDetail;
  before: ModelVersion | null;
}) {
  if (!before) return <p>It is the first version that was seen here: there is nothing to compare it with.</p>;
  const [now] = signings;
  const [earlier] = before.signings;
  return (
    <p>
      {signerWords(now ?? null, earlier ?? null)} The version before is{' '}
      {before.label === null ? null : <Value value={before.label} limit={24} isText className="font-medium" />}{' '}
      <Value value={before.root} limit={16} isShort />, with {formatPlural(before.fileCount, 'file')}; this one has{' '}
      {formatPlural(version.fileCount, 'file')}.{' '}
      <AppLink href={diffUrl(model.slug, before.id, version.id)}>Compare files, inputs and environment</AppLink>
    </p>
  );
}

type Signed = { readonly san: string | null; readonly issuer: string | null } | null;

function signerWords(now: Signed, earlier: Signed): string {
  if (!now) return earlier ? 'Nobody signed this one; the version before was signed.' : 'Nobody signed either version.';
  if (!earlier) return 'The version before was signed by nobody; this one is signed.';
  if (now.san === null || earlier.san === null) return 'Whether the signer is the same cannot be told.';
  const isSame = isSameSigner({ san: now.san, issuer: now.issuer }, { san: earlier.san, issuer: earlier.issuer });
  return isSame
    ? 'Signed by the same signer as the version before.'
    : 'Signed by another signer than the version before.';
}

function Proof({ detail: { signings, attestations } }: { detail: VersionDetail }) {
  const [newest] = signings;
  if (!newest) {
    return <p>There is none: a digest of the files is all there is, computed here when they were seen.</p>;
  }
  const event = newest.eventId === null ? null : `/events/${newest.eventId}`;
  return (
    <p className="flex flex-wrap gap-x-4">
      {event === null ? null : <AppLink href={event}>Signing event with its checks</AppLink>}
      {event === null ? null : (
        <a href={`${event}/bundle?id=${newest.bundleId}`} download className="link">
          Signature bundle
        </a>
      )}
      {attestations.length === 0 ? null : (
        <AppLink href="#fields">{formatPlural(attestations.length, 'signed statement')}</AppLink>
      )}
      <AppLink href="#verify">Commands that check it without us</AppLink>
    </p>
  );
}
