interface Props {
  readonly value: number;
  readonly max: number;
  readonly label: string;
  readonly className: string;
}

/** A bar in the page's own colours, which browsers' own would not keep in both themes. */
export function ProgressBar({ value, max, label, className }: Props) {
  return (
    <progress
      className={`h-2 appearance-none overflow-hidden rounded border border-edge bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent ${className}`}
      max={max}
      value={value}
      aria-label={label}
    />
  );
}
