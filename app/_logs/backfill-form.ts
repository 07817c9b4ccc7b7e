import { BackfillRefusedError } from '#lib/services/backfill/backfill-refused.ts';
import { UnknownBackfillError } from '#lib/services/backfill/stop.ts';
import { UnknownLogError } from '#lib/services/log/position.ts';
import { FormRefusedError } from '../_server/local-form.ts';

export const INSTEAD = 'Use modeltrail log search-back on the server’s machine.';

/** Does what a form asks of the back-fills of a log. @throws {FormRefusedError} */
export async function refuseForm<T>(act: () => T | Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof BackfillRefusedError) throw new FormRefusedError(409, error.message);
    if (error instanceof UnknownLogError || error instanceof UnknownBackfillError) {
      throw new FormRefusedError(404, error.message);
    }
    throw error;
  }
}
