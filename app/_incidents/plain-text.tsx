import { Value } from '../_ui/value.tsx';

/** A text that somebody wrote, with its line breaks and nothing else of it interpreted. */
export function PlainText({ text, limit = 8000 }: { text: string; limit?: number }) {
  return text.split('\n').map((line, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name but their place
    <span key={i} className="block min-h-[1em]">
      <Value value={line} limit={limit} isText />
    </span>
  ));
}
