/** The memory of bytes that can be handed over to another thread: a view of a shared one must be copied. */
export function ownedBy({ buffer, byteOffset }: Uint8Array): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && byteOffset === 0 && buffer.byteLength > Buffer.poolSize ? [buffer] : [];
}
