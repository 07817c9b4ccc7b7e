import { cosignCommand, modelCommand, type VerifyCommand } from '#lib/provenance/verify-commands.ts';
import type { VersionDetail } from '#lib/services/model/get-version.ts';
import type { ModelBundle } from '#lib/services/model/version-bundles.ts';
import { AppLink } from '../_ui/app-link.tsx';
import { CodeBlock } from '../_ui/code-block.tsx';
import { Panel } from '../_ui/panel.tsx';

/** Signatures of one version for which commands are written out; events have them for every other. */
const MOST = 3;

interface Props {
  readonly detail: VersionDetail;
  readonly hasOwnTrustRoot: boolean;
}

/** Commands of other people's tools that check what the page says of this version. */
export function VerifyModel({ detail: { signings, attestations }, hasOwnTrustRoot }: Props) {
  const bundles = [...signings.slice(0, MOST), ...attestations.slice(0, MOST)];
  const commands = bundles.flatMap((bundle) => {
    const command = commandFor(bundle, hasOwnTrustRoot);
    return command ? [{ bundle, command }] : [];
  });
  if (bundles.length === 0) return null;
  return (
    <Panel
      title="Verify it without us"
      id="verify"
      note="Nothing on this page has to be believed: these commands use other tools, and files that can be downloaded here."
    >
      {commands.length === 0 ? (
        <p className="text-muted">
          The signer’s name cannot be written into a command: take the bundle from its event, and compare the name by
          eye.
        </p>
      ) : null}
      <ol className="flex flex-col gap-5">
        {commands.map(({ bundle, command: { title, explanation, command } }) => (
          <li key={bundle.bundleId} className="min-w-0">
            <h3 className="font-medium">{title}</h3>
            <p className="mb-1.5 text-muted">
              {explanation}{' '}
              {bundle.eventId === null ? null : (
                <>
                  <a href={`/events/${bundle.eventId}/bundle?id=${bundle.bundleId}`} download className="link">
                    Download the bundle
                  </a>
                  , or see <AppLink href={`/events/${bundle.eventId}#verify`}>its place in the log</AppLink>.
                </>
              )}
            </p>
            <CodeBlock label={`command: ${title}`} text={command} />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

/** Keys and private authorities are verified with files that only the operator has. */
function commandFor(bundle: ModelBundle, hasOwnTrustRoot: boolean): VerifyCommand | null {
  if (bundle.method !== 'sigstore') return null;
  const signer = { san: bundle.san, issuer: bundle.issuer, hasOwnTrustRoot };
  const file = `${bundle.eventId ?? bundle.bundleId}.sigstore.json`;
  return bundle.versionId === null ? cosignCommand(signer, file, bundle.predicateType) : modelCommand(signer, file);
}
