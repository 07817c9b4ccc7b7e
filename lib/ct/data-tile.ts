import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { LogDataError } from '#lib/rekor/log-data-error.ts';
import { encodeEntryBundle } from '#lib/tlog/entry-bundle.ts';
import { TlogError } from '#lib/tlog/error.ts';
import { TILE_WIDTH } from '#lib/tlog/tile.ts';
import { encodeMerkleLeaf, readTimestampedEntry } from './merkle-leaf.ts';
import { TlsError, TlsReader } from './tls-reader.ts';

const unzip = promisify(gunzip);

/** What an entry may come to, its precertificate and chain included; honest ones have a few thousand bytes. */
export const MAX_DATA_ENTRY_BYTES = 128 * 1024;

const GZIP = [0x1f, 0x8b];

/**
 * Makes an entry bundle of a data tile (C2SP static-ct-api, "Log entries"): the leaves that its log signed, one after
 * another. Precertificates and chains beside them are no part of the tree, and are left out. Servers may send tiles
 * compressed unasked; one that is not begins with the first octet of a time, which is 0.
 *
 * @throws {LogDataError} `malformed-bundle`
 */
export async function readDataTile(bytes: Uint8Array): Promise<Uint8Array> {
  try {
    const isZipped = GZIP.every((octet, i) => bytes[i] === octet);
    const tile = isZipped ? await unzip(bytes, { maxOutputLength: TILE_WIDTH * MAX_DATA_ENTRY_BYTES }) : bytes;
    return encodeEntryBundle(parseTileLeaves(tile));
  } catch (error) {
    if (error instanceof TlsError || error instanceof TlogError || isOfZlib(error)) {
      throw new LogDataError('malformed-bundle', `A data tile cannot be read: ${error.message}.`);
    }
    throw error;
  }
}

function parseTileLeaves(tile: Uint8Array): Uint8Array[] {
  const reader = new TlsReader(tile);
  const leaves: Uint8Array[] = [];
  while (reader.more) {
    if (leaves.length === TILE_WIDTH) throw new TlsError(`more than ${TILE_WIDTH} entries`);
    const leaf = readTimestampedEntry(reader);
    if (leaf.kind === 'precertificate') reader.vector(3);
    reader.vector(2);
    leaves.push(encodeMerkleLeaf(leaf));
  }
  return leaves;
}

function isOfZlib(error: unknown): error is Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('Z_') || code === 'ERR_BUFFER_TOO_LARGE';
}
