import type { FileAnswer } from '#lib/hash-list/file-answer.ts';
import type { Finding } from './findings.ts';
import type { SeenAs } from './seen-as.ts';

/** Other files than were registered that go by the same label of a model. Roots are OMS roots in lowercase hex. */
export interface RegisteredClash {
  readonly label: string;
  readonly registeredId: string;
  readonly registeredRoot: string;
  readonly otherRoot: string;
  /** The version that they are; null where somebody wanted to register them, and was refused. */
  readonly other: { readonly versionId: string; readonly seenAs: SeenAs } | null;
  /** Who wanted to register them: the token's name. Null with a version. */
  readonly source: string | null;
}

/** A check of files somewhere against what they should be, which they are not. */
export interface FailedCheck {
  readonly verificationId: string;
  /** The judgement of it that counts: the newest. */
  readonly runId: number;
  /** What was expected, or where any version of the model would have done, what comes closest. */
  readonly version: { readonly id: string; readonly label: string | null; readonly root: string } | null;
  readonly modelName: string;
  /** What tells this check from those of other places: who made it, and where. */
  readonly key: string;
  readonly place: string | null;
  readonly source: string;
  /** The answer in a sentence. */
  readonly sentence: string;
  readonly files: readonly FileAnswer[];
}

/** Of the files at fault, so many are named. */
const FILES_NAMED = 10;

export function registeredMismatch(clash: RegisteredClash): Finding {
  const { label, registeredId, registeredRoot, other, otherRoot, source } = clash;
  return {
    kind: 'registered-mismatch',
    versionId: other?.versionId ?? registeredId,
    key: other ? label : `${label} ${otherRoot} ${source}`,
    bundleId: null,
    statement: other
      ? `Version ${label} is ${HOW[other.seenAs]} with other files than were registered under that label.`
      : `“${source}” wanted to register other files as version ${label}, and was refused.`,
    evidence: {
      label,
      'root registered': registeredRoot,
      [other ? `root ${other.seenAs}` : 'root refused']: otherRoot,
      ...(source === null ? {} : { source }),
    },
  };
}

const HOW: Readonly<Record<SeenAs, string>> = { signed: 'signed', observed: 'seen', registered: 'labelled' };

/** What the check of one place says; it holds until a newer check of the same place is good. */
export function hashMismatch(check: FailedCheck): Finding {
  const { version, modelName, key, place, source, sentence, files, verificationId, runId } = check;
  const expected = version === null ? modelName : `version ${version.label ?? `${version.root.slice(0, 12)}…`}`;
  const faults = files.filter(({ state }) => state !== 'matches' && state !== 'ignored' && state !== 'empty');
  return {
    kind: 'hash-mismatch',
    versionId: version?.id ?? null,
    key,
    bundleId: null,
    statement: `Files ${place === null ? '' : `at ${place} `}that should be ${expected} are not: ${sentence}`,
    evidence: {
      receipt: verificationId,
      run: String(runId),
      'checked by': source,
      ...(place === null ? {} : { place }),
      ...Object.fromEntries(faults.slice(0, FILES_NAMED).map(({ path, state }) => [`file ${path}`, state])),
      ...(faults.length > FILES_NAMED ? { 'more files': String(faults.length - FILES_NAMED) } : {}),
    },
  };
}
