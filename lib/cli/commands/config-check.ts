import { configPath } from '#lib/config/config-path.ts';
import { loadConfig } from '#lib/config/load.ts';
import type { RouteConfig } from '#lib/config/route-schema.ts';
import type { Config } from '#lib/config/schema.ts';
import { formatDuration } from '#lib/provenance/format.ts';
import { showText } from '#lib/provenance/untrusted-text.ts';
import { certificateLogsToFollow } from '#lib/services/certificate/certificate-logs.ts';
import type { EffectiveConfig } from '#lib/services/config/effective.ts';
import { loadWitnessPolicy } from '#lib/services/config/witness-policy.ts';
import { type FollowedServer, serversToFollow } from '#lib/services/log/rekor-v1-servers.ts';
import { type FollowedShard, shardsToFollow } from '#lib/services/log/shards.ts';
import { readMonitorConfig } from '#lib/sigstore/monitor-config.ts';
import { TrustError } from '#lib/sigstore/trust-error.ts';
import type { LoadedTrust } from '#lib/sigstore/trust-source.ts';
import { compileRules, type WatchRule } from '#lib/watch/rule.ts';
import { composeBeside } from '../beside-file.ts';
import { type CliCommand, EXIT } from '../command.ts';
import { describeBuilder, describeVerifier } from '../describe-builder.ts';
import { describeExpectation } from '../describe-expectation.ts';
import { describeSource } from '../describe-source.ts';
import { describeValue } from '../describe-value.ts';
import { readOperatorFiles } from '../operator-files.ts';
import { print, printError, printFacts } from '../output.ts';
import { loadTrustOffline } from '../trust.ts';

type Fact = readonly [label: string, value: string];

export const configCheck: CliCommand = {
  options: [],
  examples: ['modeltrail config check', 'modeltrail config check /etc/modeltrail/modeltrail.yaml'],
  exitCodes: {
    0: 'good: the jobs would take it up',
    2: 'refused: every problem is printed with file, line, column and the mend',
  },
  async run(input) {
    const path = configPath(input.positional(0));
    const file = loadConfig(path);
    const beside = composeBeside(file);
    const { config } = beside ?? file;
    // All that the jobs would refuse it for, but for what only the network can tell.
    const files = await readOperatorFiles(config.trust);
    for (const problem of files.problems) printError(`${path} ${problem}`);
    const trust = await tryTrust(config);
    if (files.problems.length > 0) return EXIT.noAnswer;
    const { monitorConfig, witnessPolicy } = config.logs;
    const monitor = monitorConfig === undefined ? null : await readMonitorConfig(monitorConfig);
    const policy = await loadWitnessPolicy(witnessPolicy);
    const shards = trust && shardsToFollow(config.logs, trust.root, monitor);
    const certificateLogs = trust && certificateLogsToFollow(config.logs, trust.root, monitor);
    const servers = trust && serversToFollow(config.logs, trust.root, monitor);
    const { unsearchable } = compileRules(config.watch);
    print(`${path}: good`, '');
    printFacts([
      ['Organisation', `${config.organisation.name} (${config.organisation.contact})`],
      ['Pages', `http://${config.server.host}:${config.server.port}`],
      ['Database', config.database],
      ['Trust root', describeTrust(config, trust)],
      ...section('Keys', files.keys, 'none: a bare key is not believed'),
      ...section('Authorities', files.authorities, 'none but those of the trust root'),
      ...logFacts(config, shards, servers),
      ...section(
        'Certificates',
        certificateLogs?.map(({ origin, readUrl, api }) => `${origin} at ${readUrl}, ${api}`) ?? [],
        'no certificate log is followed',
      ),
      [
        'Witnesses',
        policy ? `${policy.witnesses.length} known, quorum ${policy.quorum ?? 'none'}` : 'none are asked for',
      ],
      ...section('Rules', config.watch.map(describeRule), 'none: nothing is looked for'),
      ...section('Expectations', config.models.map(describeExpectation), 'none: any verified signature counts'),
      ...section(
        'Builders',
        config.builders.builders.map(describeBuilder),
        'none: each is SLSA Build level 1 at the most',
      ),
      ...(config.builders.sourceVerifiers.length === 0
        ? []
        : section('Verifiers', config.builders.sourceVerifiers.map(describeVerifier), '')),
      ...section('Sources', config.sources.map(describeSource), 'none: every signature stays unclaimed'),
      ...section('Alerts', config.alerts.routes.map(describeRoute), 'none are told to anybody: there is no route'),
      ...besideFacts(beside),
    ]);
    if (unsearchable.length === 0) return EXIT.good;
    print(
      '',
      `Unreadable entries cannot be searched for: ${unsearchable.join(', ')}. These rules have no fixed text of 6 bytes.`,
    );
    return EXIT.good;
  },
};

/** Null where TUF has left no copy yet: the jobs fetch it. A file must be usable now. */
async function tryTrust(config: Config): Promise<LoadedTrust | null> {
  try {
    return await loadTrustOffline(config);
  } catch (error) {
    if (config.trust.file === undefined && error instanceof TrustError && error.code === 'unreachable') return null;
    throw error;
  }
}

function describeTrust({ trust }: Config, loaded: LoadedTrust | null): string {
  if (trust.file !== undefined) return `${trust.file}, sha256:${loaded?.sha256}`;
  const held = { tuf: 'the copy held', 'tuf-seed': 'the one shipped', file: 'a file' };
  const offline = loaded ? `checked with ${held[loaded.source]}` : 'no copy held yet, so that the logs are not known';
  return `TUF, ${trust.tuf.mirror} (not asked now; ${offline})`;
}

function logFacts(
  { logs }: Config,
  shards: readonly FollowedShard[] | null,
  servers: readonly FollowedServer[] | null,
): Fact[] {
  const every = `every ${logs.poll < 1000 ? `${logs.poll} ms` : formatDuration(logs.poll)}`;
  const requests = `${logs.parallel} requests at a time`;
  const listed = shards?.map(
    ({ origin, readUrl, start, source }) =>
      `${origin} at ${readUrl}, from ${start ?? logs.start}; key: ${source.replace('-', ' ')}`,
  );
  const read = { entries: 'every entry', index: 'heads only' };
  const trees = servers?.map(
    ({ instance, readUrl, reading, start }) =>
      `${instance} (Rekor v1) at ${readUrl}, ${read[reading]}${reading === 'entries' ? `, from ${start}` : ''}; all of its trees`,
  );
  const lines = listed && trees ? [...listed, ...trees] : logs.list.map(({ origin }) => origin);
  return [
    ['Logs', `${logs.discover ? 'every Rekor v2 log of the trust root' : 'those listed only'}; ${every}, ${requests}`],
    ...lines.map((line): Fact => ['', line]),
    ...(listed && lines.length === 0 ? [['', 'none: nothing is followed'] as const] : []),
  ];
}

/** What was set in the browser, or by its commands, is part of what is printed above. */
function besideFacts(beside: EffectiveConfig | null): Fact[] {
  if (beside === null || (beside.taken.length === 0 && beside.setAside.length === 0)) return [];
  const named = (items: readonly { readonly section: string; readonly name: string }[]) =>
    items.map(({ section, name }) => showText(`${section}/${name}`)).join(', ');
  return [
    ['Beside the file', beside.taken.length === 0 ? 'nothing is in force' : named(beside.taken)],
    ...(beside.setAside.length === 0 ? [] : [['Set aside', named(beside.setAside)] as const]),
  ];
}

function describeRule({ name, own, identity, sanType, issuer, extensions, keys, digests }: WatchRule): string {
  const criteria = [
    ...(identity ? [`identity ${describeValue(identity)}`] : []),
    ...(sanType ? [`of the type ${sanType}`] : []),
    ...(issuer ? [`issuer ${describeValue(issuer)}`] : []),
    ...Object.entries(extensions ?? {}).map(([key, value]) => `${key} ${describeValue(value)}`),
    ...(keys ? [`key ${keys.map(({ sha256 }) => `sha256:${sha256}`).join(' or ')}`] : []),
    ...(digests ? [`digest ${digests.join(' or ')}`] : []),
  ];
  return `${name} (${own ? 'own' : "another's"}): ${criteria.join(', ')}`;
}

function describeRoute({ name, severity, channels, digest }: RouteConfig): string {
  return `${name}: at least ${severity}, to ${channels.join(', ')}, ${digest}`;
}

function section(label: string, lines: readonly string[], none: string): Fact[] {
  const shown = lines.length === 0 ? [none] : lines;
  return shown.map((line, i): Fact => [i === 0 ? label : '', line]);
}
