// Who signs in a minted database, and names that could break a page.

const GITHUB = 'https://token.actions.githubusercontent.com';
const GITLAB = 'https://gitlab.com';
export const ACCOUNTS = 'https://accounts.models.example';

export const HOSTILE = {
  script: '<script>document.title="owned"</script>',
  bidi: 'release-bot@models.example\u202emoc.live',
  control: 'a\u0000b\u001b[31mred\u200b',
  long: `https://${'very-long-organisation-name.'.repeat(150)}example/workflow@refs/heads/main`,
} as const;

export interface Signer {
  readonly san: string;
  readonly sanType: 'email' | 'uri';
  readonly issuer: string;
  readonly rule: string;
  readonly own: boolean;
}

const SIGNERS: readonly Signer[] = [
  { san: 'release-bot@models.example', sanType: 'email', issuer: ACCOUNTS, rule: 'Release bot', own: true },
  workflow('models-example/northwind', 'release.yml@refs/tags/v2.1.0', true),
  workflow('models-example/northwind', 'release.yml@refs/tags/v2.0.0', true),
  workflow('models-example/quay-vision', 'publish.yml@refs/heads/main', true),
  {
    san: 'https://gitlab.com/vision-lab/northwind-vision//.gitlab-ci.yml@refs/heads/main',
    sanType: 'uri',
    issuer: GITLAB,
    rule: 'Upstream base models',
    own: false,
  },
  { san: 'adapters@lab.example', sanType: 'email', issuer: ACCOUNTS, rule: 'Upstream base models', own: false },
  {
    san: 'release-bot@models.example',
    sanType: 'email',
    issuer: 'https://login.partner.example',
    rule: 'Release bot',
    own: true,
  },
];

function workflow(repository: string, file: string, own: boolean): Signer {
  const san = `https://github.com/${repository}/.github/workflows/${file}`;
  return { san, sanType: 'uri', issuer: GITHUB, rule: 'Release workflows', own };
}

/** One of the usual signers, by turns. */
export function pick(n: number): Signer {
  const signer = SIGNERS[n % SIGNERS.length];
  if (!signer) throw new Error('no signer');
  return signer;
}
