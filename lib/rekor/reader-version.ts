/**
 * Which reader of entries this is: of kinds, certificates and what stands in them. Raise it with every change by which an
 * entry may be read that could not be; what is stored as undecided by another reader is then tried again.
 */
export const READER_VERSION = '1';
