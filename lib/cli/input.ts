import { UsageError } from './command.ts';

/** What a command was called with, as it was typed. */
export class CommandInput {
  readonly #positionals: readonly unknown[];
  readonly #options: Readonly<Record<string, unknown>>;
  readonly #typed: readonly string[];

  /** @param typed the arguments themselves: cac makes numbers of text that looks like one, such as `1e3`. */
  constructor(positionals: readonly unknown[], options: Readonly<Record<string, unknown>>, typed: readonly string[]) {
    this.#positionals = positionals;
    this.#options = options;
    this.#typed = typed;
  }

  /** @throws {UsageError} where cac took the argument for something else than text. */
  positional(index: number): string | undefined {
    const value = this.#positionals[index];
    if (value === undefined || typeof value === 'string') return value;
    throw new UsageError(`The argument ${String(value)} is ambiguous here. Write it before the options, or as ./NAME.`);
  }

  /** All of them: those of a list (`[...files]`) as well. @throws {UsageError} as `positional` does. */
  positionals(): readonly string[] {
    return this.#positionals.map((value) => {
      if (typeof value === 'string') return value;
      throw new UsageError(
        `The argument ${String(value)} is ambiguous here. Write it before the options, or as ./NAME.`,
      );
    });
  }

  /**
   * The value of `--name VALUE` or `--name=VALUE`.
   *
   * @throws {UsageError} where it is empty, or stands there twice: which of the two is meant must not be guessed.
   */
  text(name: string): string | undefined {
    const parsed = this.#options[camelCase(name)];
    if (parsed === undefined) return undefined;
    const given = this.#given(name);
    const [value] = given;
    if (given.length > 1) throw new UsageError(`--${name} is given twice. Leave one out.`);
    if (value === undefined) throw new UsageError(`Write --${name} in full, with its value behind it.`);
    if (value === '') throw new UsageError(`--${name} is empty. Give it a value, or leave it out.`);
    return value;
  }

  /** Each value of an option that may be given more than once, in the order typed. @throws {UsageError} as `text` does. */
  texts(name: string): readonly string[] {
    if (this.#options[camelCase(name)] === undefined) return [];
    const given = this.#given(name);
    if (given.length === 0) throw new UsageError(`Write --${name} in full, with its value behind it.`);
    if (given.includes('')) throw new UsageError(`--${name} is empty. Give it a value, or leave it out.`);
    return given;
  }

  /** What stands behind `--`, as it was typed; empty where there is none. */
  afterDashes(): readonly string[] {
    const dashes = this.#typed.indexOf('--');
    return dashes < 0 ? [] : this.#typed.slice(dashes + 1);
  }

  flag(name: string): boolean {
    return this.#options[camelCase(name)] === true;
  }

  #given(name: string): string[] {
    const flag = `--${name}`;
    const dashes = this.#typed.indexOf('--');
    const own = dashes < 0 ? this.#typed : this.#typed.slice(0, dashes);
    return own.flatMap((argument, i) => {
      if (argument === flag) return [own[i + 1] ?? ''];
      return argument.startsWith(`${flag}=`) ? [argument.slice(flag.length + 1)] : [];
    });
  }
}

function camelCase(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
