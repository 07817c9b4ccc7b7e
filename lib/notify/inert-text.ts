import { showText } from '#lib/provenance/untrusted-text.ts';

/** For XML and HTML text and attributes. Whatever cannot stand in them, or hides or reorders text, is written out. */
export function escapeMarkup(text: string): string {
  const named: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return showText(text.toWellFormed()).replace(/[&<>"']/g, (character) => named[character] ?? character);
}

/** One line of plain text, which reads the same whatever a stranger put into it. */
export function plainLine(text: string): string {
  return showText(text.toWellFormed());
}

/**
 * A block of code in Markdown that nothing in it can end: the fence is longer than any run of backticks inside. Mentions,
 * links and emphasis are no such in a block of code.
 */
export function codeBlock(lines: readonly string[]): string {
  const text = lines.map(plainLine).join('\n');
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}text\n${text}\n${fence}`;
}
