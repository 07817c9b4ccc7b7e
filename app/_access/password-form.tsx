import { Field } from './field.tsx';
import { PasskeyButton } from './passkey-button.tsx';

/** Login and password, and a passkey where the browser has one. Passwords work without JavaScript. */
export function PasswordForm({ next, hasPasskeys }: { next: string; hasPasskeys: boolean }) {
  return (
    <div className="panel flex flex-col gap-4 p-4">
      <form action="/sign-in/password" method="post" className="flex flex-col gap-4">
        <input type="hidden" name="next" value={next} />
        <Field label="Login" name="login" autoComplete="username" maxLength={200} />
        <Field label="Password" name="password" type="password" autoComplete="current-password" maxLength={1000} />
        <button type="submit" className="button button-accent self-start">
          Sign in
        </button>
      </form>
      {hasPasskeys ? <PasskeyButton next={next} /> : null}
    </div>
  );
}
