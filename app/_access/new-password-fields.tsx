import { Field } from './field.tsx';

/** A new password, twice. */
export function NewPasswordFields() {
  return (
    <>
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        minLength={12}
        maxLength={200}
        note="At least 12 characters. Four random words are a good one."
      />
      <Field
        label="Password, once more"
        name="repeated"
        type="password"
        autoComplete="new-password"
        minLength={12}
        maxLength={200}
      />
    </>
  );
}
