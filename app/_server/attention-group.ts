import type { Part, Sentence } from '#lib/provenance/sentence.ts';
import type { Tone } from '#lib/provenance/state.ts';
import type { EventGroup } from '#lib/services/overview/attention.ts';

/** Things of one kind that somebody should look at: what it is, how it is known, what to do now. */
export interface AttentionGroup {
  readonly key: string;
  readonly tone: Tone;
  readonly what: string;
  readonly how: string;
  readonly next: string;
  readonly items: readonly AttentionItem[];
}

export interface AttentionItem {
  readonly key: string;
  readonly about: Sentence;
  readonly at: number | null;
  readonly link: { readonly href: string; readonly text: string } | null;
}

/** An identity and its issuer. */
export function who({ san, issuer }: Pick<EventGroup, 'san' | 'issuer'>): Sentence {
  if (san === null) return ['certificates without an identity'];
  const signer: Part = { kind: 'identity', value: san };
  return issuer === null ? [signer] : [signer, ' through ', { kind: 'issuer', value: issuer }];
}

export function signerKey({ san, issuer }: Pick<EventGroup, 'san' | 'issuer'>): string {
  return JSON.stringify([san, issuer]);
}

/** A name that somebody else gave, in a sentence. */
export function name(value: string): Part {
  return { kind: 'name', value };
}
