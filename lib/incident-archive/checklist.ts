/** What is checked of an archive, in this order. */
export const ARCHIVE_CHECKS = [
  'container',
  'manifest',
  'documents',
  'report',
  'audit',
  'trust',
  'bundles',
  'events',
  'links',
  'artifacts',
  'paths',
  'scope',
] as const;

export type ArchiveCheckName = (typeof ARCHIVE_CHECKS)[number];

/** One thing that was looked at, and what was found. */
export interface ArchiveCheck {
  readonly name: ArchiveCheckName;
  /**
   * `claimed`: all that bytes can show was looked at and holds; the rest is the word of the one who exported it, and the
   * details say why no archive can show it. `not-checked`: wholly or in part, as the statement says.
   */
  readonly outcome: 'passed' | 'failed' | 'claimed' | 'not-checked';
  /** A sentence for people. */
  readonly statement: string;
  /** One by one, what failed or could not be checked. */
  readonly details: readonly string[];
}

/** Something is not as it must be; the message is a sentence for people. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
}

/** What one check gathers: all that is wrong, all that it cannot tell, and all that no archive can show. */
export class Findings {
  readonly wrong: string[] = [];
  readonly open: string[] = [];
  readonly claimed: string[] = [];

  /** Notes what `look` throws, and goes on. @returns what it returns, or undefined. */
  attempt<T>(what: string, look: () => T): T | undefined {
    try {
      return look();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.wrong.push(`${what}: ${error.message.replace(/\.?$/, '.')}`);
      return undefined;
    }
  }

  check(name: ArchiveCheckName, holds: string): ArchiveCheck {
    const [first] = this.wrong;
    if (first !== undefined) {
      const more = this.wrong.length === 1 ? '' : ` And ${this.wrong.length - 1} more.`;
      return { name, outcome: 'failed', statement: `${first}${more}`, details: this.wrong };
    }
    if (this.open.length + this.claimed.length === 0) return { name, outcome: 'passed', statement: holds, details: [] };
    if (this.open.length === 0) {
      const statement = `${holds} The word of the archive besides, which nothing in it can show: ${this.claimed.length}.`;
      return { name, outcome: 'claimed', statement, details: this.claimed };
    }
    return {
      name,
      outcome: 'not-checked',
      statement: `${holds} Not all could be checked: ${this.open.length + this.claimed.length}.`,
      details: [...this.open, ...this.claimed],
    };
  }
}

export const NOT_REACHED = 'Not looked at, for an earlier check failed.';
