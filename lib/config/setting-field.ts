/** A field of the form in which an item of the configuration is edited; its key is that of the file. */
export type SettingField = LeafField | MapField | RowsField;

/** A field that holds one value. */
export type LeafField =
  | (FieldBase & { readonly kind: 'text'; readonly isLong?: boolean; readonly example?: string })
  | (FieldBase & { readonly kind: 'matcher'; readonly example?: string })
  | (FieldBase & { readonly kind: 'choice'; readonly options: readonly FieldOption[] })
  | (FieldBase & { readonly kind: 'flag' })
  | (FieldBase & { readonly kind: 'number' })
  /** True, false, or left to what the other fields say. */
  | (FieldBase & { readonly kind: 'tristate'; readonly unset: string })
  /** One value a line; blocks of PEM count as one. A single one is written without a list, unless `isList`. */
  | (FieldBase & { readonly kind: 'lines'; readonly isList?: boolean })
  /** Any of these. */
  | (FieldBase & { readonly kind: 'choices'; readonly options: readonly FieldOption[] });

/** A map of names to values that must be met. */
export type MapField = FieldBase & { readonly kind: 'map'; readonly names: readonly string[] };

/** A list of maps with the same few fields. */
export type RowsField = FieldBase & {
  readonly kind: 'rows';
  /** What one row is called: signer. */
  readonly row: string;
  readonly fields: readonly LeafField[];
};

interface FieldBase {
  /** As in the file. */
  readonly key: string;
  readonly label: string;
  readonly note: string;
}

export interface FieldOption {
  readonly value: string;
  readonly label: string;
}
