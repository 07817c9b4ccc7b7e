import { headers } from 'next/headers';
import type { OpenDatabase } from '#db/client.ts';
import type { Role } from '#lib/services/access/role.ts';
import { answerFor, plain } from './answer-for.ts';

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
  return answerFor({ headers: await headers() }, role, async (database) => {
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
  });
}
