import { SharingError } from '#lib/services/sharing/sharing-error.ts';
import { ApiError, notFound } from '../problem.ts';

/** Does what is asked of sharing; what cannot be done becomes a problem document. */
export function orSharingProblem<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof SharingError)) throw error;
    const { code, message } = error;
    if (code === 'no-target' || code === 'not-published')
      throw notFound(message, 'GET /api/v1/publications lists them.');
    throw new ApiError({ code: 'sharing-refused', reason: code, detail: message });
  }
}
