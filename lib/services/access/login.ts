const LOGIN = /^[a-z0-9](?:[a-z0-9._+@-]{0,98}[a-z0-9])?$/;

/** A login as it is stored and compared: in lower case, without white space around it. */
export function normaliseLogin(typed: string): string {
  return typed.slice(0, 200).normalize('NFKC').trim().toLowerCase();
}

/** Whether a (normalised) login can be given to somebody: ASCII, so that no two look alike. */
export function isLogin(login: string): boolean {
  return LOGIN.test(login);
}
