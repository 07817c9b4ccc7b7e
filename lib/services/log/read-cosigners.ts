import { z } from 'zod';

const cosignersSchema = z.array(z.object({ name: z.string(), timestamp: z.number().nullable() })).catch([]);

/** A witness of the operator's policy that cosigned a checkpoint. */
export interface Cosigner {
  readonly name: string;
  /** Seconds since the epoch, by the witness's clock; null where it says no time. */
  readonly timestamp: number | null;
}

/** Who cosigned, as it is stored with a checkpoint. */
export function readCosigners(json: string): readonly Cosigner[] {
  return cosignersSchema.parse(JSON.parse(json));
}
