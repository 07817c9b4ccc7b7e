export type Change = 'same' | 'changed' | 'added' | 'removed' | 'renamed';

const SIGNS: Readonly<Record<Change, string>> = { same: '=', changed: '≠', added: '+', removed: '−', renamed: '→' };
const WORDS: Readonly<Record<Change, string>> = {
  same: 'the same',
  changed: 'changed',
  added: 'added',
  removed: 'removed',
  renamed: 'renamed',
};

/** How something stands in the later version beside the earlier one: a sign and its word. */
export function ChangeMark({ kind, what }: { kind: Change; what?: string }) {
  return (
    <span className={`whitespace-nowrap ${kind === 'same' ? 'text-muted' : 'font-medium'}`}>
      <span aria-hidden="true" className="mono mr-1.5">
        {SIGNS[kind]}
      </span>
      {what ? `${what} ` : ''}
      {WORDS[kind]}
    </span>
  );
}
