import { isRequirement, REQUIREMENTS, type Requirement } from '#lib/provenance/requirement.ts';
import { UsageError } from './command.ts';
import type { CommandInput } from './input.ts';

/** Of files that are to be trusted, where nothing else is said. */
const USUAL: readonly Requirement[] = ['signed', 'logged'];

/**
 * The value of `--require`: names with commas between them. Whoever names a model requires that it is the one.
 *
 * @throws {UsageError} where there is no such requirement.
 */
export function readRequirements(input: CommandInput): readonly Requirement[] {
  const named = input.text('require')?.split(',').map(readOne) ?? USUAL;
  return input.text('model') === undefined || named.includes('expected') ? named : [...named, 'expected'];
}

function readOne(word: string): Requirement {
  const name = word.trim();
  if (isRequirement(name)) return name;
  throw new UsageError(`There is no requirement ${JSON.stringify(name)}. Choose of ${REQUIREMENTS.join(', ')}.`);
}
