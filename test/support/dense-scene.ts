import type { OpenDatabase } from '#db/client.ts';
import { type EventRow, type MintedRule, mintEvent } from '#test/factories.ts';
import type { Followed } from './dense-logs.ts';
import type { Signer } from './dense-signers.ts';

type EventOverrides = NonNullable<Parameters<typeof mintEvent>[2]>;

/** Where a scene is minted: each entry goes to the next free place, one log after the other. */
export class Scene {
  readonly database: OpenDatabase;
  readonly now: number;
  readonly #followed: readonly Followed[];
  #index = 17;

  constructor(database: OpenDatabase, followed: readonly Followed[], now: number) {
    this.database = database;
    this.#followed = followed;
    this.now = now;
  }

  /** An entry as `overrides` say. */
  enter(overrides: EventOverrides): EventRow {
    this.#index += 3;
    const place = this.#followed[this.#index % this.#followed.length];
    if (!place) throw new Error('no log to put an entry into');
    return mintEvent(this.database, { ...place, logIndex: this.#index }, overrides);
  }

  /** A signing that met the rule about its signer. */
  sign(signer: Signer, at: number, overrides: EventOverrides = {}): EventRow {
    const { san, sanType, issuer, rule, own } = signer;
    const met: MintedRule = { rule, field: 'san', value: san, how: 'exact', own };
    return this.enter({ san, sanType, issuer, signedAt: at, firstSeenAt: at + 4000, rules: [met], ...overrides });
  }
}
