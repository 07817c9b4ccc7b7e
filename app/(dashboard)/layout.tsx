import { connection } from 'next/server';
import type { ReactNode } from 'react';
import { Shell } from '../_ui/shell.tsx';

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  await connection();
  return <Shell>{children}</Shell>;
}
