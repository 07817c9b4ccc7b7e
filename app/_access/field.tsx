import type { ReactNode } from 'react';

interface FieldProps {
  readonly label: string;
  readonly name: string;
  readonly type?: 'text' | 'password' | 'email';
  readonly autoComplete: string;
  readonly note?: ReactNode;
  readonly value?: string;
  readonly isMono?: boolean;
  readonly isOptional?: boolean;
  readonly maxLength?: number;
  readonly minLength?: number;
}

/** A labelled text field of the forms of accounts. */
export function Field({
  label,
  name,
  type = 'text',
  autoComplete,
  note,
  value,
  isMono,
  isOptional,
  ...lengths
}: FieldProps) {
  return (
    <label className="flex flex-col gap-1">
      <span className="font-medium">{label}</span>
      <input
        name={name}
        type={type}
        required={!isOptional}
        autoComplete={autoComplete}
        autoCapitalize="none"
        spellCheck={false}
        defaultValue={value}
        className={`control w-full ${isMono ? 'mono' : ''}`}
        {...lengths}
      />
      {note ? <span className="text-muted">{note}</span> : null}
    </label>
  );
}
