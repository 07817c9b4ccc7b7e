import { CopyButton } from './copy-button.tsx';
import { ScrollArea } from './scroll-area.tsx';

/** Text to copy or to read as it is: commands, notes, entries. */
export function CodeBlock({ text, label, copyable = true }: { text: string; label: string; copyable?: boolean }) {
  return (
    <div className="relative min-w-0 rounded border border-line bg-sunken">
      <ScrollArea label={label} className="mr-9 max-h-[36rem]">
        <pre className="w-max min-w-full p-3 text-[0.78rem] leading-5">{text}</pre>
      </ScrollArea>
      {copyable ? (
        <div className="absolute top-1.5 right-1.5 rounded bg-surface">
          <CopyButton value={text} label={label} />
        </div>
      ) : null}
    </div>
  );
}
