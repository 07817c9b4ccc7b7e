import { headers } from 'next/headers';
import type { OpenDatabase } from '#db/client.ts';
import { mayActAs, type Role } from '#lib/services/access/role.ts';
import { whoAsks } from './asker.ts';
import { readDatabase } from './database.ts';

/**
 * A stored thing as a file to keep: its exact bytes, under a name of ours, never shown in the browser. It is for people who
 * may act as `role`.
 */
export async function download(
  read: (database: OpenDatabase) => Promise<Uint8Array | string | null>,
  file: {
    name: string;
    type: 'application/octet-stream' | 'application/json' | 'text/plain; charset=utf-8' | 'application/x-pem-file';
  },
  role: Role = 'viewer',
): Promise<Response> {
  const asker = await whoAsks(await headers());
  if (asker === null) return plain(401, 'Nobody is signed in here. Sign in, and open the file again.');
  if (!mayActAs(asker.role, role)) return plain(403, `This needs the role ${role}.`);
  const database = readDatabase();
  if ('problem' in database) return plain(503, database.problem);
  const content = await read(database);
  if (content === null) return plain(404, 'There is no such file here.');
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return new Response(new Uint8Array(bytes), {
    headers: {
      'Content-Type': file.type,
      'Content-Disposition': `attachment; filename="${file.name.replaceAll(/[^A-Za-z0-9._-]/g, '_')}"`,
      'Content-Length': String(bytes.length),
      'Cache-Control': 'no-store',
    },
  });
}

function plain(status: number, text: string): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
  });
}

/** A row number from a URL: null for anything that is none. */
export function rowNumber(text: string): number | null {
  return /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : null;
}
