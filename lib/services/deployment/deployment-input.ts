import { z } from 'zod';
import { escapeText } from '#lib/watch/display.ts';

const MAX_NAME = 200;

const name = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => text.trim() === text && escapeText(text) === text, {
      error: 'has white space at an end, an invisible character or a backslash; write it as people should read it',
    });

/** What runs where. Exactly one way of saying what: a digest, a version's id, a model with its version, or a list of files. */
export const deploymentSchema = z
  .strictObject({
    environment: name(MAX_NAME),
    service: name(MAX_NAME),
    digest: z
      .string()
      .regex(/^(?:sha256|blake3):[0-9a-f]{64}$|^sha384:[0-9a-f]{96}$|^(?:sha512|blake2b):[0-9a-f]{128}$/, {
        error: 'is not a digest with its algorithm, as sha256: and 64 lowercase hex digits',
      })
      .optional(),
    versionId: z
      .string()
      .regex(/^ver_[0-9a-f]{24}$/, { error: 'is not the id of a version' })
      .optional(),
    model: name(512).optional(),
    version: name(200).optional(),
    manifest: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).optional(),
  })
  .superRefine(({ digest, versionId, model, version, manifest }, context) => {
    const refuse = (at: string, message: string) => context.addIssue({ code: 'custom', path: [at], message });
    const given = [digest, versionId, model, manifest].filter((value) => value !== undefined).length;
    if (given === 0)
      refuse('digest', 'nothing says what runs: give digest, versionId, model with version, or manifest');
    else if (given > 1) refuse('digest', 'only one of digest, versionId, model and manifest can say what runs');
    else if ((model === undefined) !== (version === undefined)) {
      refuse(model === undefined ? 'model' : 'version', 'is missing: model and version are given together');
    }
  });

export type DeploymentInput = z.infer<typeof deploymentSchema>;

/** What is said to run cannot be found, or not be told from something else. `at` is the field at fault. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
  readonly at: string;
  readonly code: 'unknown-version' | 'ambiguous-version' | 'bad-manifest';

  constructor(code: DeploymentError['code'], at: string, message: string) {
    super(message);
    this.code = code;
    this.at = at;
  }
}
