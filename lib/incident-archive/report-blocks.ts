/** A piece of a line: plain, or a value that is to be compared letter by letter. Whatever it is, it is escaped when written. */
export type Inline = string | { readonly mono: string };
export type Line = readonly Inline[];

/** The report before it is written as Markdown or HTML. */
export type Block =
  | { readonly block: 'heading'; readonly level: 1 | 2 | 3; readonly text: string; readonly mark?: string }
  | { readonly block: 'paragraph'; readonly line: Line }
  | { readonly block: 'quote'; readonly lines: readonly string[] }
  | { readonly block: 'list'; readonly items: readonly { readonly depth: number; readonly line: Line }[] }
  /** Numbered: first line, then the lines below it. */
  | { readonly block: 'steps'; readonly steps: readonly { readonly head: Line; readonly below: readonly Line[] }[] }
  | { readonly block: 'facts'; readonly rows: readonly (readonly [label: string, value: Line])[] }
  | { readonly block: 'table'; readonly columns: readonly string[]; readonly rows: readonly (readonly Line[])[] };

export const mono = (value: string): Inline => ({ mono: value });
export const paragraph = (...line: Line): Block => ({ block: 'paragraph', line });
export const heading = (level: 1 | 2 | 3, text: string, mark?: string): Block => ({
  block: 'heading',
  level,
  text,
  ...(mark === undefined ? {} : { mark }),
});
