import {
  checkpointCommand,
  cosignCommand,
  inclusionCommand,
  modelCommand,
  type VerifyCommand,
} from '#lib/provenance/verify-commands.ts';
import type { EventDetail } from '#lib/services/event/get.ts';
import { CodeBlock } from '../_ui/code-block.tsx';
import { Panel } from '../_ui/panel.tsx';

/** Commands of other people's tools that check what this page says. */
export function VerifyPanel({ detail, hasOwnTrustRoot }: { detail: EventDetail; hasOwnTrustRoot: boolean }) {
  const commands = commandsFor(detail, hasOwnTrustRoot);
  if (commands.length === 0) return null;
  const { log } = detail;
  return (
    <Panel
      title="Verify it without us"
      id="verify"
      note="Nothing on this page has to be believed: these commands use other tools, and files that can be downloaded here."
    >
      <ol className="flex flex-col gap-5">
        {commands.map(({ title, explanation, command }) => (
          <li key={title} className="min-w-0">
            <h3 className="font-medium">{title}</h3>
            <p className="mb-1.5 text-muted">{explanation}</p>
            <CodeBlock label={`command: ${title}`} text={command} />
          </li>
        ))}
      </ol>
      {log ? (
        <p className="mt-4 text-muted">
          The log’s key, as we hold it:{' '}
          <a className="link" href={`/logs/${log.id}/key`} download>
            log-{log.id}.pem
          </a>
        </p>
      ) : null}
    </Panel>
  );
}

function commandsFor({ event, bundles, log, checkpoint }: EventDetail, hasOwnTrustRoot: boolean): VerifyCommand[] {
  const commands: (VerifyCommand | null)[] = [];
  const signer = { san: event.san, issuer: event.issuer, hasOwnTrustRoot };
  const bundle = bundles.find(({ state }) => state === 'verified');
  if (bundle) {
    const file = `${event.id}.sigstore.json`;
    commands.push(
      bundle.version && bundle.predicateType?.startsWith('https://model_signing/')
        ? modelCommand(signer, file)
        : cosignCommand(signer, file, bundle.content === 'dsse' ? bundle.predicateType : null),
    );
  }
  if (event.entry && event.inclusionProof && checkpoint && log) {
    commands.push(inclusionCommand(`${event.id}.entry`, `${event.id}.tlog-proof`));
    commands.push(
      checkpointCommand(`${event.id}.checkpoint`, `log-${log.id}.pem`, log.logId.slice(0, 8), log.keyDetails),
    );
  }
  return commands.filter((command) => command !== null);
}
