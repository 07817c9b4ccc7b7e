/** Bills of materials and descriptions that are signed as predicates: CycloneDX 1.6 and Croissant 1.1. */
import { statement } from './attestations.ts';
import { sha256 } from './files.ts';
import type { ModelVersion } from './oms.ts';

export const CYCLONEDX_PREDICATE = 'https://cyclonedx.org/bom';
export const CROISSANT_PREDICATE = 'http://mlcommons.org/croissant/1.1';

/** A machine-learning bill of materials: the model, the base it descends from, the data it was trained on. */
export function modelBom(version: ModelVersion, parent: ModelVersion, data: ModelVersion, accuracy: string): Buffer {
  const hashes = (of: ModelVersion) => [{ alg: 'SHA-256', content: of.root }];
  const reference = `${data.model}@${data.version}`;
  return statement(version, CYCLONEDX_PREDICATE, {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'machine-learning-model',
        name: version.model,
        version: version.version,
        hashes: hashes(version),
        pedigree: {
          ancestors: [
            { type: 'machine-learning-model', name: parent.model, version: parent.version, hashes: hashes(parent) },
          ],
        },
        modelCard: {
          modelParameters: { task: 'image-classification', datasets: [{ ref: reference }] },
          quantitativeAnalysis: { performanceMetrics: [{ type: 'accuracy', value: accuracy, slice: 'quay' }] },
        },
      },
    },
    components: [{ type: 'data', 'bom-ref': reference, name: data.model, version: data.version, hashes: hashes(data) }],
  });
}

/** The description of a data set, file by file. */
export function croissant(data: ModelVersion, address: string): Buffer {
  return statement(data, CROISSANT_PREDICATE, {
    '@context': {
      '@vocab': 'https://schema.org/',
      sc: 'https://schema.org/',
      cr: 'http://mlcommons.org/croissant/',
      dct: 'http://purl.org/dc/terms/',
      conformsTo: 'dct:conformsTo',
    },
    '@type': 'sc:Dataset',
    conformsTo: CROISSANT_PREDICATE,
    name: data.model,
    version: data.version,
    url: address,
    license: 'https://creativecommons.org/licenses/by/4.0/',
    distribution: [...data.files].map(([path, bytes]) => ({
      '@type': 'cr:FileObject',
      '@id': path,
      name: path,
      contentUrl: path,
      encodingFormat: path.endsWith('.pgm') ? 'image/x-portable-graymap' : 'text/plain',
      sha256: sha256(bytes),
    })),
  });
}
