/** The reason of a link that is not judged, or of a signature that is not settled: `settleGraph` looks at both. */
export const UNSETTLED = '';
