import { formatBytes } from '#lib/provenance/format.ts';
import { hexView } from '#lib/provenance/hex-view.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { CodeBlock } from '../_ui/code-block.tsx';
import { Panel } from '../_ui/panel.tsx';

/** Bytes of an entry drawn on a page; the download has all of them. */
const SHOWN = 65_536;

/** The entry as the log has it: indented where it is JSON, else in hexadecimal. */
export function RawEntry({ entry, eventId }: { entry: Uint8Array | null; eventId: string }) {
  if (entry === null) return null;
  const json = readJson(entry);
  const isCut = json === null ? entry.length > SHOWN : json.length > SHOWN;
  const text = json === null ? hexView(entry, SHOWN) : json.slice(0, SHOWN).split('\n').map(showText).join('\n');
  const download = (
    <a className="link" href={`/events/${eventId}/entry`} download>
      Download the {formatBytes(entry.length)}
    </a>
  );
  return (
    <Panel
      title="Raw entry"
      id="entry"
      aside={download}
      note={
        json === null
          ? 'The bytes are not JSON.'
          : 'Indented for reading; the download has the bytes as they are in the log.'
      }
    >
      <CodeBlock label="content of the entry" text={text} copyable={!isCut} />
      {isCut ? <p className="mt-2 text-muted">Only the beginning is shown.</p> : null}
    </Panel>
  );
}

function readJson(entry: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(entry);
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : null;
  } catch {
    return null;
  }
}
