import type { ItemProblem } from '#lib/config/setting-section.ts';

/** The item cannot be taken: what is wrong with it, field by field. */
export class SettingRefusedError extends Error {
  override readonly name = 'SettingRefusedError';
  readonly problems: readonly ItemProblem[];

  constructor(problems: readonly ItemProblem[]) {
    super(problems.map(describeProblem).join(' '));
    this.problems = problems;
  }
}

/** Somebody else changed the item, made it or took it away, since it was looked at. */
export class SettingChangedError extends Error {
  override readonly name = 'SettingChangedError';
  /** The revision that is stored now; null where it is gone. */
  readonly revision: number | null;

  constructor(revision: number | null) {
    super(
      revision === null
        ? 'It is gone: somebody removed it meanwhile. Look at the list, and add it again if it is wanted.'
        : 'It was changed meanwhile, or made by somebody else. Look at it as it is now, and change that.',
    );
    this.revision = revision;
  }
}

/** There is no such item among those that were made here. */
export class SettingUnknownError extends Error {
  override readonly name = 'SettingUnknownError';
}

/** No configuration is in force yet to which anything could be added. */
export class SettingsNotReadyError extends Error {
  override readonly name = 'SettingsNotReadyError';

  constructor() {
    super(
      'No configuration of this version is in force yet, so that nothing can be held against it. Start the jobs (npm start does), and try again.',
    );
  }
}

/** A problem in a sentence or two: the field, what is wrong with it, and the mend. */
export function describeProblem({ path, message, mend }: ItemProblem): string {
  const field = path.map(String).join('.');
  return `${field === '' ? 'The item' : field} ${message}. ${mend}.`;
}
