import { ApiError } from '#lib/http/problem.ts';
import { readBody } from '#lib/http/read-body.ts';
import { createLogger } from '#lib/logger.ts';
import { standardsInForce } from '#lib/services/config/standards.ts';
import type { ServiceContext } from '#lib/services/context.ts';
import { recordDelivery } from '#lib/services/source/deliver.ts';
import { handInBundles } from '#lib/services/source/hand-in.ts';
import type { Standards } from '#lib/services/standards.ts';
import { readDatabase } from '../../../_server/database.ts';
import { whoMay } from '../../../_server/role-form.ts';

export const dynamic = 'force-dynamic';

const MAX_BODY = 64 * 1024 * 1024;
const MAX_FILES = 500;

/** Bundles from the form on the Sources page. Each file is taken by itself; the page then lists what became of it. */
export async function POST(request: Request): Promise<Response> {
  const asker = await whoMay(request.headers, 'investigator');
  if (asker instanceof Response) return asker;
  try {
    const files = await readFiles(request);
    const database = readDatabase();
    if ('problem' in database) return refuse(503, database.problem);
    const standards = await standardsInForce(database);
    if (!standards)
      return refuse(503, 'No trust root is in force yet: start the jobs (npm start does), and try again.');
    const ctx = { database, now: Date.now, log: createLogger('web') };
    for (const { name, bytes } of files) {
      handInFile(ctx, { name, bytes }, standards);
    }
    return new Response(null, { status: 303, headers: { Location: '/sources?source=browser' } });
  } catch (error) {
    if (error instanceof ApiError) return refuse(error.status, error.problem.detail);
    throw error;
  }
}

/** A file of too many lines is listed as refused, and stops no other. */
function handInFile(ctx: ServiceContext, { name, bytes }: UploadedFile, standards: Standards): void {
  const place = { channel: 'upload', source: 'browser' } as const;
  try {
    handInBundles(ctx, { ...place, bytes, isLines: /\.(?:jsonl|ndjson)$/i.test(name), name }, standards);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const refused = { outcome: 'refused' as const, reasonCode: 'too-many', reason: error.message };
    recordDelivery(ctx, { ...place, path: name.slice(0, 500), size: bytes.length, modifiedAt: ctx.now(), ...refused });
  }
}

interface UploadedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

async function readFiles(request: Request): Promise<UploadedFile[]> {
  const body = await readBody(request, MAX_BODY);
  const type = request.headers.get('Content-Type') ?? '';
  const form = await new Response(Buffer.from(body), { headers: { 'Content-Type': type } })
    .formData()
    .catch(() => null);
  const files = form?.getAll('bundles').filter((value) => value instanceof File && value.size > 0) ?? [];
  if (files.length === 0 || files.length > MAX_FILES) {
    const detail = `The form holds ${files.length} files; choose 1 to ${MAX_FILES}.`;
    throw new ApiError({ code: 'bad-request', detail });
  }
  return Promise.all(
    files.map(async (file) => ({
      name: (file as File).name || 'unnamed',
      bytes: new Uint8Array(await (file as File).arrayBuffer()),
    })),
  );
}

function refuse(status: number, reason: string): Response {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' };
  return new Response(`${reason}\n\nGo back to the Sources page: nothing was taken.\n`, { status, headers });
}
