/** One thing that is known under what was asked for, as far as a command tells of it. */
export interface KnownThing {
  readonly kind: 'model' | 'version' | 'artifact' | 'event' | 'bundle' | 'identity' | 'verification';
  /** What it is called: a claim, where it is no id. */
  readonly name: string;
  /** The word of the pages for its state; null for what has none. */
  readonly state: string | null;
  /** Path of its page on the server. */
  readonly page: string;
  /** Label to value, times as ISO 8601. */
  readonly facts: Readonly<Record<string, string>>;
}
