'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useSyncExternalStore } from 'react';

const THEMES = [
  { name: 'system', label: 'Theme of the system', Icon: Monitor },
  { name: 'light', label: 'Light theme', Icon: Sun },
  { name: 'dark', label: 'Dark theme', Icon: Moon },
] as const;

const noChange = () => () => {};

/** Chooses the theme. Which one is in force is known in the browser only, so none is pressed before it runs. */
export function ThemeToggle() {
  const { theme, setTheme } = useTheme();
  const isBrowser = useSyncExternalStore(
    noChange,
    () => true,
    () => false,
  );
  return (
    <fieldset className="flex rounded border border-line">
      <legend className="sr-only">Theme</legend>
      {THEMES.map(({ name, label, Icon }) => (
        <button
          key={name}
          type="button"
          aria-label={label}
          title={label}
          aria-pressed={isBrowser && theme === name}
          onClick={() => setTheme(name)}
          className="inline-flex size-7 cursor-pointer items-center justify-center rounded text-muted hover:text-ink aria-pressed:bg-accent-tint aria-pressed:text-accent"
        >
          <Icon size={14} aria-hidden="true" />
        </button>
      ))}
    </fieldset>
  );
}
