import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ProvenanceFields,
  provenanceStatement,
  type TrainingInput,
} from '#lib/attestation/provenance-statement.ts';
import { readAttestation } from '#lib/attestation/read.ts';
import { parseStatement } from '#lib/model-signing/statement.ts';

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const text = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const time = fc.integer({ min: 0, max: 4_000_000_000_000 });
const host = fc.constantFrom('https://code.example/o/r', 'https://git.example/group/sub/project');
const role = fc.constantFrom('dataset', 'base-model', 'adapter', 'quantised-from', 'merged-from');

const input: fc.Arbitrary<TrainingInput> = fc
  .record({ role, name: maybe(text), uri: maybe(fc.webUrl()), sha256: maybe(hex(64)) })
  .filter(({ name, uri, sha256 }) => name !== null || uri !== null || sha256 !== null) as fc.Arbitrary<TrainingInput>;

const fields: fc.Arbitrary<ProvenanceFields> = fc
  .record({
    subject: fc.record({ name: text, root: hex(64) }),
    repository: maybe(host),
    ref: maybe(fc.constantFrom('refs/heads/main', 'refs/tags/v1.2.0')),
    commit: maybe(fc.oneof(hex(40), hex(64))),
    entryPoint: maybe(text),
    inputs: fc.array(input, { maxLength: 6 }),
    statesNoBase: fc.boolean(),
    environment: fc.dictionary(fc.stringMatching(/^[a-z][a-z. ]{0,20}$/), fc.string({ maxLength: 60 }), { maxKeys: 5 }),
    image: maybe(fc.record({ uri: fc.constant('oci://registry.example/train'), sha256: hex(64) })),
    pipelineId: maybe(text),
    builder: fc.webUrl(),
    buildType: fc.constant('https://train.example/buildtypes/training/v1'),
    parameters: fc.dictionary(fc.stringMatching(/^[a-z]{1,12}$/), fc.oneof(text, fc.integer(), fc.boolean()), {
      maxKeys: 5,
    }),
    evaluations: fc.array(fc.record({ name: text, value: text, on: maybe(text) }), { maxLength: 5 }),
    startedAt: maybe(time),
    finishedAt: maybe(time),
    trainingLog: maybe(fc.record({ size: fc.integer({ min: 1, max: 2 ** 40 }), root: hex(64), sha256: hex(64) })),
  })
  .map((all) => (all.statesNoBase ? { ...all, inputs: all.inputs.filter((i) => i.role === 'dataset') } : all));

const read = (asked: ProvenanceFields) => {
  const statement = parseStatement(provenanceStatement(asked));
  return { statement, facts: readAttestation(statement) };
};

const PLAIN: ProvenanceFields = {
  subject: { name: 'm', root: 'a'.repeat(64) },
  repository: null,
  ref: null,
  commit: null,
  entryPoint: null,
  inputs: [],
  statesNoBase: false,
  environment: {},
  image: null,
  pipelineId: null,
  builder: 'https://train.example',
  buildType: 'https://train.example/buildtypes/training/v1',
  parameters: {},
  evaluations: [],
  startedAt: null,
  finishedAt: null,
  trainingLog: null,
};

describe('the statement of a provenance', () => {
  it('is read back as the very fields that it was made from', () => {
    fc.assert(
      fc.property(fields, (asked) => {
        const { statement, facts } = read(asked);
        expect(facts.remarks).toEqual([]);
        expect(statement.subjects).toMatchObject([
          { name: asked.subject.name, digests: [{ algorithm: 'sha256', digest: asked.subject.root }] },
        ]);
        expect(facts.kind).toBe('slsa-provenance');
        expect(facts.commit?.value ?? null).toBe(asked.commit);
        expect(facts.repository?.value ?? null).toBe(asked.repository);
        expect(facts.entryPoint?.value ?? null).toBe(asked.entryPoint);
        const inputs = facts.inputs.filter((i) => i.role !== 'code' && i.role !== 'environment');
        expect(
          inputs.map((i) => ({ role: i.role, name: i.name, uri: i.uri, sha256: i.digests[0]?.digest ?? null })),
        ).toEqual(asked.inputs);
        expect(facts.statesNoBase !== null).toBe(asked.statesNoBase);
        for (const [key, value] of Object.entries(asked.environment)) {
          expect(facts.environment).toContainEqual(expect.objectContaining({ label: key, value }));
        }
        expect(facts.invocation?.value ?? null).toBe(asked.pipelineId);
        expect(facts.builder?.value).toBe(asked.builder);
        expect(facts.evaluations.map(({ name, value, on }) => ({ name, value, on }))).toEqual(asked.evaluations);
        expect(facts.startedAt?.time ?? null).toBe(asked.startedAt);
        expect(facts.finishedAt?.time ?? null).toBe(asked.finishedAt);
        expect(facts.trainingLogs?.map(({ size, root, sha256 }) => ({ size, root, sha256 })) ?? []).toEqual(
          asked.trainingLog ? [asked.trainingLog] : [],
        );
        // Signature and log say who and when, never the payload.
        expect([facts.claimedSigner, facts.claimedTime]).toEqual([null, null]);
      }),
      { numRuns: 300 },
    );
  });

  it('says nothing that it cannot be held to', () => {
    const base: TrainingInput = { role: 'base-model', name: 'b', uri: null, sha256: null };
    expect(() => provenanceStatement({ ...PLAIN, statesNoBase: true, inputs: [base] })).toThrow(/there is none/);
    expect(() => provenanceStatement({ ...PLAIN, inputs: [{ ...base, name: null }] })).toThrow(/neither name/);
    expect(() => provenanceStatement({ ...PLAIN, inputs: [{ ...base, sha256: 'zz' }] })).toThrow(/not a digest/);
    expect(() => provenanceStatement({ ...PLAIN, commit: 'main' })).toThrow(/not a digest/);
    expect(() => provenanceStatement({ ...PLAIN, subject: { name: 'm', root: 'main' } })).toThrow(/hexadecimal/);
    expect(() => provenanceStatement({ ...PLAIN, builder: '' })).toThrow(/builder.id/);
  });
});
