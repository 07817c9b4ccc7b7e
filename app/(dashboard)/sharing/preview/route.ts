import { z } from 'zod';
import { getConfiguration } from '#lib/services/overview/configuration.ts';
import { getPublic } from '#lib/services/sharing/get-public.ts';
import { renderPage } from '../../../_public/page.ts';
import { assetsBase } from '../../../_public/serve.ts';
import { readDatabase } from '../../../_server/database.ts';
import { readFormParts, readFormTarget } from '../../../_sharing/sharing-form.ts';

export const dynamic = 'force-dynamic';

/** What outsiders would see of a model or version with these parts. Nothing is published by looking at it. */
export async function GET(request: Request): Promise<Response> {
  const database = readDatabase();
  if ('problem' in database) return plain(503, database.problem);
  const form = new URL(request.url).searchParams;
  try {
    const version = await getPublic(database, { ...readFormTarget(form), parts: readFormParts(form) }, null);
    if (!version) return plain(404, 'There is no such model or version.');
    const { organisation, trust } = await getConfiguration(database);
    const page = renderPage(version, {
      base: '/sharing',
      root: '/sharing',
      assets: assetsBase(),
      origin: '',
      publisher: organisation,
      hasOwnTrustRoot: trust?.source === 'file',
      isPreview: true,
      expiresAt: null,
    });
    const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' };
    return new Response(page, { headers });
  } catch (error) {
    if (error instanceof z.ZodError) return plain(400, 'The address of the preview cannot be read.');
    throw error;
  }
}

function plain(status: number, text: string): Response {
  return new Response(`${text}\n`, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}
