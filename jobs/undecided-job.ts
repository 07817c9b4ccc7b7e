import type { SignerPolicies } from '#lib/provenance/expected-signer.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { retryUndecided } from '#lib/services/event/retry-undecided.ts';
import { judgeCertificate } from '#lib/sigstore/authenticity.ts';
import type { TrustedRoot } from '#lib/sigstore/trusted-root.ts';
import type { Matcher } from '#lib/watch/match.ts';
import type { Job } from './scheduler.ts';

const EVERY = 10_000;

export interface UndecidedTools {
  readonly ctx: ServiceContext;
  readonly root: TrustedRoot;
  readonly matcher: Matcher;
  readonly policies: SignerPolicies;
}

/** Reads entries again that an earlier reader could not decide: after an upgrade, and when somebody asks for it. */
export function undecidedJob({ ctx, root, matcher, policies }: UndecidedTools): Job {
  return {
    name: 'read undecided entries again',
    every: EVERY,
    async run(signal) {
      const result = await retryUndecided(ctx, {
        matcher,
        policies,
        judge: (certificate, seenAt) => judgeCertificate(certificate, root, { seenAt }),
        signal,
      });
      if (result.read > 0) ctx.log.info(result, 'undecided entries read again');
      return undefined;
    },
  };
}
