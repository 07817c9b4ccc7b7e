/** One thing wrong with a configuration file: where, what, and how to put it right. */
export interface ConfigProblem {
  /** The file as it was named to us. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** The key as a path, `watch[2].issuer`; '' for the file as a whole. */
  readonly key: string;
  readonly message: string;
  readonly mend: string;
}

/** A configuration that cannot be used. Its message is every problem in full, one a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** A problem on one line, its place in the form that editors and terminals make a link of. */
export function formatProblem({ file, line, column, key, message, mend }: ConfigProblem): string {
  return `${file}:${line}:${column} ${key === '' ? '' : `${key}: `}${message}. Mend: ${mend}.`;
}

/** Keys as they are written in a message: `watch[2].extensions["1.3.6.1.4.1.57264.1.15"]`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!/^[\w-]+$/.test(String(part))) return `${text}[${JSON.stringify(String(part))}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
