import type { FileHandle } from 'node:fs/promises';
import { type MirrorResource, openMirrorResource } from '#lib/services/mirror/open-resource.ts';

/** For everybody, on any page, where a mirror is public; its readers verify what they get. */
const OPEN = { 'Access-Control-Allow-Origin': '*' };
const FOR_EVER = 'max-age=31536000, immutable';
/** What is small is read at once; entry bundles may have 16 MiB, and go out as they are read. */
const READ_AT_ONCE = 64 * 1024;

/** The answer to a request for a resource of a mirror (C2SP tlog-tiles), with its body or, for HEAD, without. */
export async function mirrorResponse(
  folder: string,
  [hash = '', ...rest]: readonly string[],
  method: 'GET' | 'HEAD',
  isPublic: boolean,
): Promise<Response> {
  // An escaped slash would make a second spelling of a path.
  const isPlain = rest.every((part) => !part.includes('/'));
  const resource = isPlain ? await openMirrorResource(folder, hash, rest.join('/')) : null;
  if (!resource) {
    return new Response(method === 'HEAD' ? null : 'There is no such file here.\n', {
      status: 404,
      headers: { ...opened(isPublic), 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
    });
  }
  const headers =
    resource.kind === 'checkpoint'
      ? contentHeaders('text/plain; charset=utf-8', resource.bytes.length, 'no-cache', isPublic)
      : contentHeaders(
          'application/octet-stream',
          resource.size,
          `${isPublic ? 'public' : 'private'}, ${FOR_EVER}`,
          isPublic,
        );
  return new Response(await bodyOf(resource, method), { headers });
}

function opened(isPublic: boolean): Record<string, string> {
  return isPublic ? OPEN : {};
}

function contentHeaders(type: string, length: number, caching: string, isPublic: boolean): Record<string, string> {
  return { ...opened(isPublic), 'Content-Type': type, 'Content-Length': String(length), 'Cache-Control': caching };
}

async function bodyOf(resource: MirrorResource, method: 'GET' | 'HEAD'): Promise<BodyInit | null> {
  if (resource.kind === 'checkpoint') return method === 'HEAD' ? null : new Uint8Array(resource.bytes);
  const { file, size } = resource;
  if (method === 'GET' && size > READ_AT_ONCE) return streamOf(file);
  try {
    return method === 'HEAD' ? null : new Uint8Array(await file.readFile());
  } finally {
    await file.close();
  }
}

/** Reads as fast as the reader takes it, and closes the file at its end, where reading fails, and where the reader goes away. */
function streamOf(file: FileHandle): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      try {
        const { bytesRead, buffer } = await file.read(new Uint8Array(READ_AT_ONCE));
        if (bytesRead > 0) return controller.enqueue(buffer.subarray(0, bytesRead));
      } catch (error) {
        await file.close();
        throw error;
      }
      await file.close();
      controller.close();
    },
    cancel: () => file.close(),
  });
}
