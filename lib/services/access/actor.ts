/** Who does something: what every change is written down with. */
export type Actor =
  | { readonly kind: 'user'; readonly id: string; readonly name: string }
  | { readonly kind: 'token'; readonly name: string }
  /** Somebody at this machine, of a dashboard that is open without sign-in. */
  | { readonly kind: 'loopback' }
  | { readonly kind: 'command-line' }
  /** The jobs, by themselves. */
  | { readonly kind: 'jobs' };

/** What an actor is called in lists and reports. */
export function nameOfActor(actor: Actor): string {
  switch (actor.kind) {
    case 'user':
      return actor.name;
    case 'token':
      return `token ${actor.name}`;
    case 'loopback':
      return 'somebody at this machine, without sign-in';
    case 'command-line':
      return 'command line';
    case 'jobs':
      return 'Modeltrail';
  }
}
