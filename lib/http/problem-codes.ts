interface ProblemKind {
  /** The same for every occurrence (RFC 9457). */
  readonly title: string;
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 422 | 429 | 500 | 503;
  readonly meaning: string;
  /** What a client does about it. */
  readonly mend: string;
}

/** Every kind of problem that the API answers with. The `type` of a problem document leads to its row of the reference. */
export const PROBLEM_CODES = {
  'bad-request': {
    title: 'Bad request',
    status: 400,
    meaning: 'A parameter, header or the body is not as described.',
    mend: 'Look at `at`, and compare the request with the reference.',
  },
  'bad-cursor': {
    title: 'Bad cursor',
    status: 400,
    meaning: 'The cursor is none that this list gave.',
    mend: 'Take `next` of an answer as it is, or begin without a cursor.',
  },
  'no-body': { title: 'No body', status: 400, meaning: 'The request has no body.', mend: 'Send what is to be taken.' },
  'bad-idempotency-key': {
    title: 'Bad idempotency key',
    status: 400,
    meaning: 'The header Idempotency-Key is empty, too long, or has other than visible ASCII characters.',
    mend: 'Send 1 to 255 visible ASCII characters, best a random UUID.',
  },
  'no-token': {
    title: 'Not authorised',
    status: 401,
    meaning: 'The request carries no token.',
    mend: 'Send Authorization: Bearer with a token that has the scope.',
  },
  'bad-token': {
    title: 'Not authorised',
    status: 401,
    meaning: 'The token is unknown, revoked or out of date.',
    mend: 'Make a new token.',
  },
  'missing-scope': {
    title: 'Forbidden',
    status: 403,
    meaning: 'The token holds, but may not do this.',
    mend: 'Make a token with the scope that `detail` names.',
  },
  'not-found': {
    title: 'Not found',
    status: 404,
    meaning: 'There is no such thing, or no such address.',
    mend: 'Take ids and slugs from the lists.',
  },
  'method-not-allowed': {
    title: 'Method not allowed',
    status: 405,
    meaning: 'The address has other methods.',
    mend: 'Use one that the header Allow names.',
  },
  'label-taken': {
    title: 'Label taken',
    status: 409,
    meaning: 'The label stands for other files already. The attempt is kept as a finding.',
    mend: 'Register changed files under a label of their own.',
  },
  'name-taken': {
    title: 'Name taken',
    status: 409,
    meaning: 'A token of this name was made before; names are used once.',
    mend: 'Choose another name.',
  },
  'incident-changed': {
    title: 'Changed since',
    status: 409,
    meaning: 'Somebody changed the incident since it was looked at; `detail` says how. Nothing was changed.',
    mend: 'Read the incident again, and decide by what it is now.',
  },
  'not-exportable': {
    title: 'Not exportable',
    status: 409,
    meaning: 'The archive would not verify, so it is not made; `detail` says what is missing.',
    mend: 'Mend what `detail` names, and ask again.',
  },
  'setting-changed': {
    title: 'Changed meanwhile',
    status: 409,
    meaning: 'The item has another revision than the one that was read: somebody changed, made or removed it.',
    mend: 'Read it again, and change it as it is now.',
  },
  'idempotency-under-way': {
    title: 'Still under way',
    status: 409,
    meaning: 'The first request with this idempotency key is not answered yet.',
    mend: 'Wait a moment, and ask again with the same key.',
  },
  'too-large': { title: 'Too large', status: 413, meaning: 'The body has too many bytes.', mend: 'Send it in parts.' },
  'too-many': {
    title: 'Too many at once',
    status: 413,
    meaning: 'The body holds too many things.',
    mend: 'Send fewer.',
  },
  'bundle-refused': {
    title: 'Bundle refused',
    status: 422,
    meaning: 'The bundle does not verify or cannot be read. It is kept with its reason, which `code` names.',
    mend: 'Read `detail`. It is tried again when trust roots, keys or rules change.',
  },
  'list-refused': {
    title: 'List refused',
    status: 422,
    meaning: 'The list of hashes cannot be read to the end with one meaning; `code` says why. Nothing is kept.',
    mend: 'Look at `at`, the line or field at fault.',
  },
  'training-log-refused': {
    title: 'Training log refused',
    status: 422,
    meaning: 'The training log is broken or not sealed; `code` says how. Nothing is kept.',
    mend: 'Check it with: modeltrail trainlog verify',
  },
  'registration-refused': {
    title: 'Registration refused',
    status: 422,
    meaning: 'The list cannot stand for a version, or its name cannot be read; `code` says why. Nothing is kept.',
    mend: 'Hash all files of the model, and give it a plain name and label.',
  },
  'unknown-expectation': {
    title: 'Unknown expectation',
    status: 422,
    meaning: 'The model or version that the files should be is not known here. Nothing is kept.',
    mend: 'Give the exact name or slug of a model, and the label, id or root of a version; or ask without them.',
  },
  'deployment-refused': {
    title: 'Deployment not taken',
    status: 422,
    meaning:
      'What is said to run is not known or not the only one that is called so; `code` says why. Nothing is kept.',
    mend: 'Give the digest, or the id of the version.',
  },
  'back-fill-refused': {
    title: 'Search refused',
    status: 422,
    meaning: 'The past of the log cannot be searched so: nothing is left to search, or nothing is read from the log.',
    mend: 'Read `detail`; GET …/rules says what each rule has not seen.',
  },
  'incident-refused': {
    title: 'Change refused',
    status: 422,
    meaning: 'The incident cannot be changed so. Nothing was changed.',
    mend: 'Read `detail`, and look at `at`.',
  },
  'sharing-refused': {
    title: 'Sharing refused',
    status: 422,
    meaning: 'The page cannot be published so: its slug is taken or malformed, or its parts contradict each other.',
    mend: 'Read `detail`; GET /api/v1/publications says what is public.',
  },
  'setting-refused': {
    title: 'Setting refused',
    status: 422,
    meaning: 'The configuration would not hold with the item in it, or it names what the file alone may name.',
    mend: 'Read `detail`, which names each field at fault and its mend; `at` is the first.',
  },
  'idempotency-key-reused': {
    title: 'Idempotency key reused',
    status: 422,
    meaning: 'The idempotency key was used for another request in the last 24 hours.',
    mend: 'Use a new key for each request that is not a repetition.',
  },
  'rate-limited': {
    title: 'Too many requests',
    status: 429,
    meaning: 'More requests in a minute than one client may make.',
    mend: 'Wait as many seconds as the header Retry-After says.',
  },
  internal: {
    title: 'Internal error',
    status: 500,
    meaning: 'The server made a mistake; its log says more.',
    mend: 'Tell the operator when it happened.',
  },
  'no-database': {
    title: 'Not ready',
    status: 503,
    meaning: 'The database cannot be read.',
    mend: 'Start the jobs, which make it.',
  },
  'not-ready': {
    title: 'Not ready',
    status: 503,
    meaning: 'No configuration and trust root are in force yet.',
    mend: 'Start the jobs, and try again.',
  },
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemCode = keyof typeof PROBLEM_CODES;
