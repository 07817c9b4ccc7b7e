'use client';

import NextLink from 'next/link';
import type { ComponentProps } from 'react';

/**
 * A link that is fetched when it is followed: a list of fifty would otherwise ask for fifty pages. The browser has it, so
 * that a page says what all links have in common once.
 */
export function AppLink({ className = 'link', ...props }: Omit<ComponentProps<typeof NextLink>, 'prefetch'>) {
  return <NextLink prefetch={false} className={className} {...props} />;
}
