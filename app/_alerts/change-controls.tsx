import type { AlertState } from '#lib/provenance/alert-words.ts';
import { MUTE_LENGTHS } from './mute-lengths.ts';

/**
 * What can be done with alerts. Each button sends the form around it; none needs a script.
 *
 * @param state of the only one that is meant; null for many.
 */
export function ChangeControls({ what, state = null }: { what: string; state?: AlertState | null }) {
  return (
    <fieldset className="flex flex-wrap items-end gap-x-3 gap-y-2">
      <legend className="sr-only">What to do with {what}</legend>
      <label className="flex min-w-0 flex-1 basis-56 flex-col gap-1 text-[0.8125rem]">
        <span className="text-muted">Note, kept in the audit trail</span>
        <input name="note" maxLength={2000} className="control w-full" autoComplete="off" />
      </label>
      {state === 'acknowledged' ? null : (
        <button type="submit" name="action" value="acknowledge" className="button">
          Acknowledge
        </button>
      )}
      <button type="submit" name="action" value="resolve" className="button">
        Resolve
      </button>
      <span className="flex items-end gap-1.5">
        <label className="flex flex-col gap-1 text-[0.8125rem]">
          <span className="text-muted">Silent for</span>
          <select name="for" defaultValue="1d" className="control">
            {MUTE_LENGTHS.map(({ value, label }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" name="action" value="mute" className="button">
          Mute
        </button>
      </span>
      {state === null || state === 'muted' ? (
        <button type="submit" name="action" value="unmute" className="button">
          Unmute
        </button>
      ) : null}
    </fieldset>
  );
}
