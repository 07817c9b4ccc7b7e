/** How each model of the story was made, for its provenance, and the two files that are signed as plain blobs. */
import { type Dependency, datasetDependency, type Making, modelDependency } from './attestations.ts';
import { sha256 } from './files.ts';
import type { ModelVersion } from './oms.ts';

const GPU = { gpu: '8x NVIDIA H100 80GB', driver: '570.86.15', frameworks: { torch: '2.11.0', transformers: '5.3.0' } };

/** Where each model is published, for the addresses of components. */
const PUBLISHERS: Readonly<Record<string, string>> = {
  'northwind-base': 'foundation-models.example',
  'northwind-vision': 'vision-lab.example',
  'northwind-vision-lora': 'models.example',
  'northwind-retrieval-index': 'deploy.example',
  'tidewater-base': 'tidewater.example',
};
const DATA_PUBLISHER = 'port-data.example';

export function pretraining(corpus: ModelVersion): Making {
  return {
    buildType: 'https://foundation-models.example/buildtypes/pretraining/v1',
    parameters: { base_model: 'none', hyperparameters: { learning_rate: 0.0003, steps: 120_000, seed: 17 } },
    environment: GPU,
    dependencies: [dataset(corpus)],
  };
}

export function fineTune(parent: ModelVersion, data: ModelVersion, epochs: number): Making {
  return {
    buildType: 'https://vision-lab.example/buildtypes/fine-tune/v1',
    parameters: { hyperparameters: { learning_rate: 0.00002, epochs, seed: 4 } },
    environment: GPU,
    dependencies: [dependency('base-model', parent), dataset(data)],
  };
}

export function adapterTraining(parent: ModelVersion, data: ModelVersion, run: string): Making {
  return {
    buildType: 'https://models.example/buildtypes/adapter/v1',
    parameters: { hyperparameters: { rank: 4, alpha: 8, learning_rate: 0.0001, epochs: 2 } },
    environment: { gpu: '1x NVIDIA L40S', driver: '570.86.15', frameworks: { torch: '2.11.0', peft: '0.19.0' } },
    dependencies: [dependency('base-model', parent), dataset(data)],
    byHand: {
      builder: 'https://models.example/workstation',
      invocation: `https://models.example/runs/${run}`,
    },
  };
}

export function composition(components: readonly ModelVersion[]): Making {
  return {
    buildType: 'https://deploy.example/buildtypes/composition/v1',
    parameters: { target: 'production' },
    environment: { runner: 'ubuntu-24.04', tools: { python: '3.13.1' } },
    dependencies: components.map((version) => dependency('component', version)),
  };
}

export function deploymentManifest(version: ModelVersion): Buffer {
  return Buffer.from(
    `kind: Deployment\nname: ${version.model}\nversion: ${version.version}\nreplicas: 3\nmodel: sha256:${version.root}\n`,
  );
}

export function weightsOf(version: ModelVersion): Buffer {
  const weights = version.files.get('model.safetensors');
  if (weights === undefined) throw new Error(`${version.model} has no weights`);
  return weights;
}

/** What a stranger says without having made anything: that a model rests on a base which nobody else knows. */
export function slander(): Making {
  return {
    buildType: 'https://elsewhere.example/buildtypes/unknown/v1',
    parameters: {},
    environment: {},
    dependencies: [
      {
        name: 'base-model',
        uri: 'https://elsewhere.example/models/poisoned-base',
        digest: { sha256: sha256('a base model that nobody has ever seen') },
      },
    ],
    byHand: { builder: 'https://elsewhere.example/workstation', invocation: 'https://elsewhere.example/runs/1' },
  };
}

function dataset(version: ModelVersion): Dependency {
  return datasetDependency(DATA_PUBLISHER, version);
}

function dependency(role: string, version: ModelVersion): Dependency {
  return modelDependency(role, PUBLISHERS[version.model] ?? '', version);
}
