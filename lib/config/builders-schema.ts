import { z } from 'zod';
import type { SourceVerifier, TrustedBuilder, TrustTable } from '#lib/provenance/ml-level/trust-table.ts';
import { refuse, uniqueBy } from './refusal.ts';

const MAX_ROWS = 2000;
const MAX_COMMITS = 100;
const MAX_PARAMETERS = 200;
/** Gives tokens to workflows, and never to people. */
const GITHUB_ACTIONS = 'https://token.actions.githubusercontent.com';

const label = z.string().min(1).max(100);
/** A whole value, byte for byte: a pattern here would accept whoever can make up a name that it meets. */
const exact = z.string().min(1).max(2048);
const commit = z
  .string()
  .regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'is not a commit: 40 or 64 lowercase hexadecimal digits');

const signer = {
  identity: exact.describe('The name in the certificate that signs it, exactly. No pattern.'),
  issuer: exact.describe('The OpenID Connect issuer of that identity, exactly.'),
};

const builder = z
  .strictObject({
    name: label.describe('What pages call it.'),
    id: exact.describe('builder.id, exactly as its provenance gives it. No pattern.'),
    ...signer,
    level: z
      .union([z.literal(2), z.literal(3)])
      .describe('Up to which level of the SLSA build track you accept it, once you have looked into how it works.'),
    hosted: z
      .boolean()
      .describe('That it runs on hosted machines, made anew for each run, where no certificate can say so.')
      .prefault(false),
    workflow: exact
      .describe('Of level 3: the reusable workflow that makes the provenance (extension 1.9), exactly, with its ref.')
      .exactOptional(),
    'workflow-commits': z
      .array(commit)
      .max(MAX_COMMITS)
      .describe('Of level 3: the commits of that workflow that you accept (extension 1.10). A tag can be moved.')
      .prefault([]),
    parameters: z
      .array(z.string().min(1).max(200))
      .max(MAX_PARAMETERS)
      .describe('Every external parameter that its builds take. Without it ML level 3 is not reached.')
      .exactOptional(),
  })
  .superRefine((row, context) => {
    const commits = row['workflow-commits'];
    if (row.level === 3 && (row.workflow === undefined || commits.length === 0)) {
      const mend = 'Add workflow and workflow-commits, or accept it at level 2';
      refuse(context, 'is accepted at level 3 without the workflow that keeps builds from forging provenance', mend, [
        'level',
      ]);
    }
    if (row.level === 2 && (row.workflow !== undefined || commits.length > 0)) {
      refuse(context, 'has a workflow, which only level 3 asks for', 'Leave workflow out, or write level: 3', [
        'level',
      ]);
    }
  })
  .transform(
    ({ 'workflow-commits': commits, workflow, parameters, ...row }): TrustedBuilder => ({
      ...row,
      workflow: workflow === undefined ? null : { uri: workflow, commits },
      parameters: parameters ?? null,
    }),
  );

const verifier = z
  .strictObject({
    name: label.describe('What pages call it.'),
    id: exact.describe('verifier.id, exactly as its summaries give it.'),
    ...signer,
  })
  .transform((row): SourceVerifier => row);

/** Refuses a row whose pair of signer and builder stands before it: which of the two levels is meant would be a guess. */
function refuseDoubled(
  context: z.core.$RefinementCtx,
  rows: readonly Pick<TrustedBuilder, 'id' | 'identity' | 'issuer'>[],
): void {
  const seen = new Set<string>();
  for (const [i, { id, identity, issuer }] of rows.entries()) {
    const pair = JSON.stringify([id, identity, issuer]);
    if (seen.has(pair))
      refuse(context, 'names a builder and signer that stand here already', 'Keep one of the two', [i, 'id']);
    seen.add(pair);
  }
}

export const buildersSchema = z
  .strictObject({
    trusted: uniqueBy(z.array(builder).max(MAX_ROWS), 'name')
      .superRefine((rows, context) => refuseDoubled(context, rows))
      .describe(
        'Pairs of builder and signer that you accept. The sole source of SLSA Build levels: unknown ones are level 1.',
      )
      .prefault([]),
    'ci-issuers': z
      .array(exact)
      .max(MAX_ROWS)
      .describe('Issuers whose tokens go to pipelines and never to people.')
      .prefault([GITHUB_ACTIONS]),
    'source-verifiers': uniqueBy(z.array(verifier).max(MAX_ROWS), 'name')
      .superRefine((rows, context) => refuseDoubled(context, rows))
      .describe('Who is believed on how source code was reviewed, by verification summaries of SLSA.')
      .prefault([]),
  })
  .transform(
    ({ trusted, 'ci-issuers': ciIssuers, 'source-verifiers': sourceVerifiers }): TrustTable => ({
      builders: trusted,
      ciIssuers,
      sourceVerifiers,
    }),
  );
