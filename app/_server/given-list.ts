import { ApiError } from '#lib/http/problem.ts';

/** A list of hashes as a page sends it, and what it should be. */
export interface GivenList {
  readonly bytes: Uint8Array;
  readonly model: string | null;
  readonly version: string | null;
  readonly place: string | null;
}

const MOST = { model: 512, version: 200, place: 200 } as const;

/**
 * Reads what the Verify page sends: a form with a list as text or as a file, or the list itself with the rest in the
 * address.
 *
 * @throws {ApiError} 400, where there is no list, two of them, or a field too long.
 */
export async function readGivenList(request: Request, body: Uint8Array): Promise<GivenList> {
  const type = request.headers.get('Content-Type') ?? '';
  if (!type.startsWith('multipart/form-data')) {
    const query = new URL(request.url).searchParams;
    return expected(body, (name) => query.get(name));
  }
  const form = await new Response(Buffer.from(body), { headers: { 'Content-Type': type } })
    .formData()
    .catch(() => null);
  if (!form) throw refusal('The form cannot be read. Open the Verify page, and send it from there.');
  const text = form.get('list');
  const file = form.get('file');
  const hasText = typeof text === 'string' && text.trim() !== '';
  const hasFile = file instanceof File && file.size > 0;
  if (hasText && hasFile) throw refusal('There are two lists, one as text and one as a file. Send one of them.');
  if (!hasText && !hasFile) throw refusal('There is no list. Paste one, or choose a file that holds one.');
  const bytes = hasText ? new TextEncoder().encode(text) : new Uint8Array(await (file as File).arrayBuffer());
  return expected(bytes, (name) => {
    const value = form.get(name);
    return typeof value === 'string' ? value : null;
  });
}

function expected(bytes: Uint8Array, read: (name: keyof typeof MOST) => string | null): GivenList {
  const field = (name: keyof typeof MOST) => {
    const value = read(name)?.trim() ?? '';
    if (value.length > MOST[name]) throw refusal(`The field ${name} has more than ${MOST[name]} characters.`);
    return value === '' ? null : value;
  };
  const given = { bytes, model: field('model'), version: field('version'), place: field('place') };
  if (given.version !== null && given.model === null) {
    throw refusal('A version is named without its model. Name the model too, or neither.');
  }
  return given;
}

function refusal(detail: string): ApiError {
  return new ApiError({ code: 'bad-request', detail });
}
