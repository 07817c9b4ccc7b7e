/** Small but valid model files, the same bytes at each run. */
import { createHash } from 'node:crypto';

/** A safetensors file with 32-bit float tensors of the given shapes; their values follow from `seed`. */
export function safetensors(seed: string, shapes: Readonly<Record<string, readonly number[]>>): Buffer {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  const data: Buffer[] = [];
  let offset = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const count = shape.reduce((product, extent) => product * extent, 1);
    const values = floats(`${seed}/${name}`, count);
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.length] };
    offset += values.length;
    data.push(values);
  }
  // The header is padded with spaces so that the tensors start at a multiple of eight bytes.
  const text = JSON.stringify(header);
  const json = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8, ' '));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...data]);
}

/** JSON as model repositories keep it: two spaces, a line feed at the end. */
export function json(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
}

/** A word-level tokenizer in the format of the tokenizers library. */
export function tokenizer(words: readonly string[]): Buffer {
  const vocab = Object.fromEntries(['[UNK]', '[PAD]', ...words].map((word, id) => [word, id]));
  return json({
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordLevel', vocab, unk_token: '[UNK]' },
  });
}

/** A model card: YAML front matter and a text. */
export function card(frontMatter: readonly string[], title: string, text: string): Buffer {
  return Buffer.from(`---\n${frontMatter.join('\n')}\n---\n\n# ${title}\n\n${text}\n`);
}

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function floats(seed: string, count: number): Buffer {
  const out = Buffer.alloc(count * 4);
  for (let i = 0; i < count; i += 1) {
    const random = createHash('sha256').update(`${seed}/${i}`).digest().readUInt32LE(0);
    out.writeFloatLE((random / 0xffffffff - 0.5) * 0.2, i * 4);
  }
  return out;
}
