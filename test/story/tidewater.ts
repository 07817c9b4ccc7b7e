/** A third party's base model, signed outside Sigstore, and the adapter that the story makes of it. */
import { card, json, safetensors } from './files.ts';
import { type ModelVersion, modelVersion } from './oms.ts';

export function tidewaterBase(version: string): ModelVersion {
  return modelVersion('tidewater-base', version, {
    'README.md': card(['license: other'], `tidewater-base ${version}`, 'Tide tables as a language model.'),
    'config.json': json({ architectures: ['TidewaterModel'], model_type: 'tidewater', hidden_size: 16, version }),
    'model.safetensors': safetensors(`tidewater-base ${version}`, { 'tides.weight': [16, 16] }),
  });
}

export function tidewaterAdapter(version: string, parent: ModelVersion): ModelVersion {
  const parentName = `tidewater-example/${parent.model}`;
  return modelVersion('tidewater-lora', version, {
    'README.md': card(
      [`base_model: ${parentName}`, 'base_model_relation: adapter', 'library_name: peft'],
      `tidewater-lora ${version}`,
      `Answers in harbour time. For ${parent.model} ${parent.version}.`,
    ),
    'adapter_config.json': json({
      peft_type: 'LORA',
      base_model_name_or_path: parentName,
      r: 4,
      lora_alpha: 8,
      target_modules: ['tides'],
    }),
    'adapter_model.safetensors': safetensors(`tidewater-lora ${version}`, {
      'tides.lora_A.weight': [4, 16],
      'tides.lora_B.weight': [16, 4],
    }),
  });
}

/** A fork that somebody published without signing anything. */
export function visionFork(version: string): ModelVersion {
  return modelVersion('northwind-vision-cranes', version, {
    'README.md': card(
      [
        'base_model: vision-lab-example/northwind-vision',
        'base_model_relation: finetune',
        'datasets:',
        '  - port-data-example/quay-images',
      ],
      `northwind-vision-cranes ${version}`,
      'Counts cranes. Fine-tuned from northwind-vision by a visitor.',
    ),
    'config.json': json({ architectures: ['NorthwindVisionModel'], model_type: 'northwind-vision', image_size: 32 }),
    'model.safetensors': safetensors(`northwind-vision-cranes ${version}`, { 'patch.weight': [8, 24] }),
  });
}
