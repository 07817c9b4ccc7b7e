/** Why a path is left out: by default, by the signer's list, by the operator's, or because the signature lies there. */
export type IgnoredBy = 'default' | 'signer' | 'operator' | 'signature-file';

export interface IgnoreRule {
  readonly by: IgnoredBy;
  /** From the model's folder, `/` between its parts; `.` is the folder itself. */
  readonly path: string;
}

/** What every release of model_signing leaves out. Only at the top: `sub/.git` is signed. */
const DEFAULT_PATHS = ['.git', '.gitignore', '.gitattributes', '.github'];

export interface IgnoreOptions {
  /** Whether the paths of Git are left out; true where not said. */
  readonly defaults?: boolean;
  /** The manifest's list. */
  readonly signer?: readonly string[];
  /** Relative to the model's folder. */
  readonly operator?: readonly string[];
  /** Where in the model's folder the signature lies. */
  readonly signatureFile?: string;
}

/**
 * The paths that are left out of a model: each with all below it, anchored at the model's folder, no patterns
 * (model_signing 1.1.1, `should_ignore`).
 */
export class IgnoreRules {
  private readonly rules = new Map<string, IgnoreRule>();

  constructor({ defaults = true, signer = [], operator = [], signatureFile }: IgnoreOptions = {}) {
    if (defaults) this.add('default', DEFAULT_PATHS);
    if (signatureFile !== undefined) this.add('signature-file', [signatureFile]);
    this.add('operator', operator);
    this.add('signer', signer);
  }

  /** The rule that leaves this path out, or null. Takes as many steps as the path has parts. */
  find(path: string): IgnoreRule | null {
    const whole = this.rules.get('.');
    if (whole) return whole;
    for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
      const rule = this.rules.get(path.slice(0, end));
      if (rule) return rule;
    }
    return this.rules.get(path) ?? null;
  }

  /** The first to name a path is the one that is told. */
  private add(by: IgnoredBy, paths: readonly string[]): void {
    for (const path of paths) {
      const plain = plainPath(path);
      if (plain !== null && !this.rules.has(plain)) this.rules.set(plain, { by, path: plain });
    }
  }
}

/** As PurePosixPath spells it. Null for paths that lead out of the model, by which nothing in it is left out. */
export function plainPath(path: string): string | null {
  if (path.startsWith('/')) return null;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) return null;
  return parts.length === 0 ? '.' : parts.join('/');
}
