import { SettingsNotReadyError, SettingUnknownError } from '#lib/services/setting/refusal.ts';
import { FormRefusedError } from '../_server/local-form.ts';

/** Makes refusals of forms of what a service refuses whatever is filled in. */
export function refusingSettings<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    if (error instanceof SettingsNotReadyError) throw new FormRefusedError(503, error.message);
    if (error instanceof SettingUnknownError) throw new FormRefusedError(404, error.message);
    throw error;
  }
}
