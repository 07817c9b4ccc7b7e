import { type ReactNode, useId } from 'react';

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly type?: 'text' | 'password' | 'email';
  readonly autoComplete: string;
  readonly note?: ReactNode;
  readonly value?: string | undefined;
  readonly isMono?: boolean;
  readonly maxLength?: number;
  readonly minLength?: number;
}

/** A labelled text field of the forms of accounts. */
export function Field({ label, name, type = 'text', autoComplete, note, value, isMono, ...lengths }: FieldProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input
        id={id}
        name={name}
        type={type}
        required
        autoComplete={autoComplete}
        autoCapitalize="none"
        spellCheck={false}
        defaultValue={value}
        className={`control w-full ${isMono ? 'mono' : ''}`}
        {...(note ? { 'aria-describedby': `${id}-note` } : {})}
        {...lengths}
      />
      {note ? (
        <span id={`${id}-note`} className="text-muted">
          {note}
        </span>
      ) : null}
    </div>
  );
}
