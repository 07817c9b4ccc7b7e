/** The part that the tests use of Mattermost's own parser, which has no types. */
declare module '@mattermost/commonmark' {
  export interface MarkdownNode {
    readonly type: string;
    readonly literal: string | null;
    readonly destination: string | null;
    readonly parent: MarkdownNode | null;
    walker(): { next(): { readonly entering: boolean; readonly node: MarkdownNode } | null };
  }
  export class Parser {
    constructor(options: { readonly urlFilter: (url: string) => boolean; readonly minimumHashtagLength: number });
    parse(text: string): MarkdownNode;
  }
}
