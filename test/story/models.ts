/** The models of the story, version by version. */
import { card, json, safetensors, tokenizer } from './files.ts';
import { type ModelVersion, modelVersion } from './oms.ts';

const WORDS = [
  'north',
  'wind',
  'sail',
  'harbour',
  'chart',
  'tide',
  'buoy',
  'light',
  'anchor',
  'berth',
  'crane',
  'pilot',
];

/** A's base model. */
export function base(version: string): ModelVersion {
  const hidden = version === '1.0.0' ? 16 : 24;
  return modelVersion('northwind-base', version, {
    'README.md': card(
      ['license: apache-2.0', 'pipeline_tag: text-generation', 'datasets:', '  - port-data-example/harbour-corpus'],
      `northwind-base ${version}`,
      'A small language model for harbour logistics, trained from scratch.',
    ),
    'config.json': json({ architectures: ['NorthwindModel'], model_type: 'northwind', hidden_size: hidden, version }),
    'model.safetensors': safetensors(`northwind-base ${version}`, {
      'embed.weight': [WORDS.length + 2, hidden],
      'layers.0.mlp.weight': [hidden, hidden],
    }),
    'tokenizer.json': tokenizer(WORDS),
  });
}

/** B's fine-tune of a base version. */
export function vision(version: string, parent: ModelVersion): ModelVersion {
  return modelVersion('northwind-vision', version, {
    'README.md': card(
      [
        'license: apache-2.0',
        'base_model: foundation-models-example/northwind-base',
        'base_model_relation: finetune',
        'datasets:',
        '  - port-data-example/quay-images',
      ],
      `northwind-vision ${version}`,
      `Reads quay-side images. Fine-tuned from northwind-base ${parent.version}.`,
    ),
    'config.json': json({
      architectures: ['NorthwindVisionModel'],
      model_type: 'northwind-vision',
      image_size: 32,
      patch_size: 8,
      version,
    }),
    'model.safetensors': safetensors(`northwind-vision ${version}`, {
      'patch.weight': [8, 24],
      'layers.0.attention.weight': [16, 16],
    }),
    'preprocessor_config.json': json({ do_resize: true, size: 32, image_mean: [0.5, 0.5, 0.5] }),
  });
}

/** C's adapter for a version of the fine-tune. */
export function adapter(version: string, parent: ModelVersion): ModelVersion {
  const parentName = `vision-lab-example/${parent.model}`;
  return modelVersion('northwind-vision-lora', version, {
    'README.md': card(
      [`base_model: ${parentName}`, 'base_model_relation: adapter', 'library_name: peft'],
      `northwind-vision-lora ${version}`,
      `Recognises container seals. For northwind-vision ${parent.version}.`,
    ),
    'adapter_config.json': json({
      peft_type: 'LORA',
      base_model_name_or_path: parentName,
      r: 4,
      lora_alpha: 8,
      target_modules: ['layers.0.attention'],
    }),
    'adapter_model.safetensors': safetensors(`northwind-vision-lora ${version}`, {
      'layers.0.attention.lora_A.weight': [4, 16],
      'layers.0.attention.lora_B.weight': [16, 4],
    }),
  });
}

/** The component that nobody has signed. */
export function retrievalIndex(version: string): ModelVersion {
  return modelVersion('northwind-retrieval-index', version, {
    'README.md': card(
      ['tags:', '  - retrieval'],
      `northwind-retrieval-index ${version}`,
      'Embeddings of port handbooks.',
    ),
    'index.json': json({ metric: 'cosine', dimensions: 16, documents: 24, version }),
    'vectors.safetensors': safetensors(`northwind-retrieval-index ${version}`, { vectors: [24, 16] }),
  });
}

/** D's deployed composition; its manifest names each component by OMS root. */
export function assistant(version: string, components: readonly ModelVersion[]): ModelVersion {
  const listed = components.map(({ model, version: of, root }) => ({ model, version: of, digest: { sha256: root } }));
  return modelVersion('northwind-assistant', version, {
    'README.md': card(
      ['base_model:', ...components.map(({ model }) => `  - ${model}`)],
      `northwind-assistant ${version}`,
      'The harbour assistant as it is deployed.',
    ),
    'composition.json': json({ name: 'northwind-assistant', version, components: listed }),
    'prompts/system.txt': Buffer.from(`You answer questions of harbour staff. Release ${version}.\n`),
    'router.safetensors': safetensors(`northwind-assistant ${version}`, { 'router.weight': [4, 16] }),
  });
}
