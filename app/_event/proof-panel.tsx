import { formatCount, formatPlural } from '#lib/provenance/format.ts';
import { splitHashes } from '#lib/provenance/tlog-proof.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import type { EventDetail } from '#lib/services/event/get.ts';
import { toHex } from '#lib/tlog/hex.ts';
import { CodeBlock } from '../_ui/code-block.tsx';
import { Panel } from '../_ui/panel.tsx';

/** The inclusion proof and the checkpoint it leads to, to look at and to take away. */
export function ProofPanel({ detail: { event, checkpoint } }: { detail: EventDetail }) {
  if (!event.inclusionProof || event.treeSize === null) {
    return (
      <Panel title="Inclusion proof" id="proof">
        <p className="text-muted">
          {event.logIndex === null
            ? 'What is not logged has no proof of inclusion.'
            : 'The proof stands in the bundle; our tail has made none of its own yet.'}
        </p>
      </Panel>
    );
  }
  const hashes = splitHashes(event.inclusionProof);
  const links = checkpoint ? (
    <span className="flex gap-4">
      <a className="link" href={`/events/${event.id}/proof`} download>
        Download the proof
      </a>
      <a className="link" href={`/events/${event.id}/checkpoint`} download>
        the checkpoint
      </a>
    </span>
  ) : null;
  return (
    <Panel title="Inclusion proof" id="proof" aside={links}>
      <p className="mb-3">
        {formatPlural(hashes.length, 'hash', 'hashes')} lead from the leaf to the root of the tree of{' '}
        {formatCount(event.treeSize)} entries
        {checkpoint ? ' that the log signed' : ''}.
      </p>
      <div className="grid gap-4 lg:grid-cols-2">
        <div className="min-w-0">
          <h3 className="mb-1 text-muted">Hashes, from the leaf up</h3>
          <CodeBlock label="proof hashes" text={hashes.map(toHex).join('\n')} />
        </div>
        {checkpoint ? (
          <div className="min-w-0">
            <h3 className="mb-1 text-muted">Checkpoint, as the log served it</h3>
            <CodeBlock label="checkpoint" text={checkpoint.note.split('\n').map(showText).join('\n')} />
          </div>
        ) : null}
      </div>
    </Panel>
  );
}
