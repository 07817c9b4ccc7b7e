import { blob, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';

export const ROLES = ['viewer', 'investigator', 'admin'] as const;

/** People who may sign in. */
export const users = sqliteTable(
  'users',
  {
    /** `usr_` and 128 random bits. */
    id: text().primaryKey(),
    /** What others see. */
    name: text().notNull(),
    /** What a local account signs in with, in lower case; null for those of an identity provider alone. */
    login: text().unique(),
    email: text(),
    role: text({ enum: ROLES }).notNull(),
    /** How the password was hashed, its parameters and the hash, in one text; null where there is none. */
    passwordHash: text('password_hash'),
    /** Issuer and subject at an identity provider, compared as they are. */
    oidcIssuer: text('oidc_issuer'),
    oidcSubject: text('oidc_subject'),
    createdAt: integer('created_at').notNull(),
    lastSignInAt: integer('last_sign_in_at'),
    disabledAt: integer('disabled_at'),
  },
  (t) => [uniqueIndex('users_oidc').on(t.oidcIssuer, t.oidcSubject)],
);

/** Signed-in browsers. */
export const sessions = sqliteTable(
  'sessions',
  {
    /** SHA-256 of the secret in the cookie, lowercase hex. */
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    method: text({ enum: ['password', 'oidc', 'passkey', 'setup'] }).notNull(),
    /** What the browser called itself, cut short. */
    agent: text().notNull(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    revokedAt: integer('revoked_at'),
  },
  (t) => [index('sessions_user').on(t.userId, t.revokedAt), index('sessions_expiry').on(t.expiresAt)],
);

/** WebAuthn credentials of local accounts. */
export const passkeys = sqliteTable(
  'passkeys',
  {
    /** The credential id, base64url. */
    id: text().primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** COSE key. */
    publicKey: blob('public_key', { mode: 'buffer' }).notNull(),
    counter: integer().notNull(),
    /** JSON string array. */
    transports: text().notNull(),
    name: text().notNull(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at'),
  },
  (t) => [index('passkeys_user').on(t.userId)],
);

/** What is under way between two requests of a sign-in, and codes that let somebody in once. */
export const signInSteps = sqliteTable(
  'sign_in_steps',
  {
    /** SHA-256 of the secret that the browser, or the person, brings back; lowercase hex. */
    id: text().primaryKey(),
    /** `setup`: the code printed at the first start. `invitation`: one that an administrator gives for an account. */
    kind: text({ enum: ['oidc', 'passkey', 'passkey-registration', 'setup', 'invitation'] }).notNull(),
    /** JSON: state, nonce, verifier, challenge, account. */
    detail: text().notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
  },
  (t) => [index('sign_in_steps_expiry').on(t.expiresAt)],
);

/** How often sign-in failed of late, for one account or from one address, and until when nothing more is tried. */
export const signInPauses = sqliteTable(
  'sign_in_pauses',
  {
    /** What is counted, and the SHA-256 of whose: `account:…`, `address:…`. Names that nobody has are counted as well. */
    id: text().primaryKey(),
    failures: integer().notNull(),
    lastAt: integer('last_at').notNull(),
    /** Milliseconds since the epoch; 0 while nothing pauses. */
    until: integer().notNull(),
  },
  (t) => [index('sign_in_pauses_last').on(t.lastAt)],
);
