import type { SettingField } from './setting-field.ts';

/** An item as it is written in the file, before anything of it is checked. */
export type WrittenItem = Readonly<Record<string, unknown>>;

/** What is wrong with an item, and how to mend it. */
export interface ItemProblem {
  /** Below the item; empty for the item as a whole. */
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly mend: string;
}

/** Items of one kind have the same fields. */
export interface ItemKind {
  /** For addresses. */
  readonly id: string;
  readonly label: string;
  /** What leads to the form of a new one: Add a watch rule. */
  readonly add: string;
  readonly fields: readonly SettingField[];
  /** What all items of the kind say besides. */
  readonly fixed?: WrittenItem;
}

/** A list of the configuration that can be added to in the browser. */
export interface SettingSection {
  /** Where the list stands in the file. */
  readonly path: readonly string[];
  /** Its word in the addresses of pages. */
  readonly slug: string;
  /** Of the page. */
  readonly title: string;
  /** One of its items: watch rule. */
  readonly one: string;
  /** What its items do, in a sentence. */
  readonly about: string;
  /** What of it the file alone may say, in a sentence; '' where nothing is kept from the browser. */
  readonly fileOnly: string;
  readonly kinds: readonly ItemKind[];
  /** Of which kind an item is; null where it is of one that the file alone may have. */
  kindOf(item: WrittenItem): ItemKind | null;
  /**
   * What of an item may not come from a browser, though the file may say it: whoever holds an administrator's session
   * must not get at the files, the environment or the network of the server.
   */
  refuse(item: WrittenItem): readonly ItemProblem[];
  /** The item as it may be shown, written to the audit trail and given out: its secrets replaced. */
  redact(item: WrittenItem): WrittenItem;
}
