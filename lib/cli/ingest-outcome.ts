/** What became of one bundle that was handed in. */
export interface IngestOutcome {
  readonly outcome: 'accepted' | 'refused';
  readonly bundleId: string | null;
  readonly isNew: boolean;
  readonly code: string | null;
  readonly reason: string | null;
  /** The field or byte at fault. */
  readonly at: string | null;
}
