import { DeclarationError, type DeclarationErrorCode } from '#lib/declaration/declaration-error.ts';
import type { DeclarationFacts, DeclarationKind } from '#lib/declaration/facts.ts';
import { readDeclaration } from '#lib/declaration/recognise.ts';

export const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const jsonBytes = (value: unknown): Uint8Array => textBytes(JSON.stringify(value));

/** Role, name and address of each input. */
export function inputsOf({ inputs }: DeclarationFacts): (readonly [string, string | null, string | null])[] {
  return inputs.map(({ role, name, uri }) => [role, name, uri] as const);
}

/** Why a file is refused; `null` where it is taken. Any other error than DeclarationError is thrown on. */
export function refusalOf(kind: DeclarationKind, bytes: Uint8Array): DeclarationErrorCode | null {
  try {
    readDeclaration(kind, bytes);
    return null;
  } catch (error) {
    if (!(error instanceof DeclarationError)) throw error;
    return error.code;
  }
}

/** A value of a GGUF header: text, unsigned 32-bit number, or a list of texts. */
export type GgufValue = string | number | readonly string[];

/** The start of a GGUF file, version 3, little-endian, without tensors. */
export function gguf(pairs: readonly (readonly [string, GgufValue])[], version = 3): Buffer {
  return Buffer.concat([
    Buffer.from('GGUF'),
    uint32(version),
    uint64(0),
    uint64(pairs.length),
    ...pairs.flatMap(([key, value]) => [text(key), ...typed(value)]),
  ]);
}

export function safetensors(header: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  return Buffer.concat([uint64(json.length), json]);
}

function typed(value: GgufValue): Buffer[] {
  if (typeof value === 'string') return [uint32(8), text(value)];
  if (typeof value === 'number') return [uint32(4), uint32(value)];
  return [uint32(9), uint32(8), uint64(value.length), ...value.map(text)];
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint64(bytes.length), bytes]);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function uint64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
