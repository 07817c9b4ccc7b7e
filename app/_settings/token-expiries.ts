/** Days until a token runs out, as the form offers them. */
export const EXPIRIES = ['7', '30', '90', '365', 'never'] as const;
