import { StateMark } from './state-mark.tsx';
import { Time } from './time.tsx';

/** What lets somebody in by a secret of its own, until it runs out or is revoked. */
interface Revocable {
  /** Milliseconds since the epoch; null for one that does not run out, or is not revoked. */
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}

interface Props {
  readonly thing: Revocable;
  readonly now: number;
  /** What each state means for it. */
  readonly meanings: { readonly active: string; readonly expired: string; readonly revoked: string };
  /** How it is revoked; null for somebody who may not. */
  readonly revoke: RevokeForm | null;
}

interface RevokeForm {
  readonly action: string;
  /** The fields that say which one. */
  readonly fields: Readonly<Record<string, string>>;
  /** What to call it, for those who hear the page. */
  readonly name: string;
  /** What follows from it. */
  readonly consequence: string;
}

/** Whether it is in use, and what takes it out of use. */
export function RevocableState({ thing, now, meanings, revoke }: Props) {
  const { expiresAt, revokedAt } = thing;
  if (revokedAt !== null) {
    return (
      <>
        <StateMark state={{ tone: 'broken', word: 'Revoked', meaning: meanings.revoked }} />
        <span className="block text-muted">
          <Time at={revokedAt} />
        </span>
      </>
    );
  }
  if (expiresAt !== null && expiresAt <= now) {
    return <StateMark state={{ tone: 'unknown', word: 'Run out', meaning: meanings.expired }} />;
  }
  return (
    <>
      <StateMark state={{ tone: 'proven', word: 'In use', meaning: meanings.active }} />
      {revoke === null ? null : <Revoke {...revoke} />}
    </>
  );
}

/** Asks once more before it acts, without a script. */
function Revoke({ action, fields, name, consequence }: RevokeForm) {
  return (
    <details className="mt-1">
      <summary className="link min-h-6">
        Revoke<span className="sr-only"> {name}</span>
      </summary>
      <form action={action} method="post" className="mt-1 flex max-w-72 flex-col gap-2">
        <p>{consequence} This cannot be undone.</p>
        {Object.entries(fields).map(([field, value]) => (
          <input key={field} type="hidden" name={field} value={value} />
        ))}
        <button type="submit" className="button self-start">
          Take it out of use
        </button>
      </form>
    </details>
  );
}
