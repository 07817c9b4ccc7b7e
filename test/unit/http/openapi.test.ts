import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi } from '#lib/http/api.ts';
import { LINK_STATES } from '#lib/provenance/link-state.ts';
import { LINK } from '#lib/provenance/state.ts';
import { openScene, type Scene } from './scene.ts';

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: object }[];
  readonly responses: Readonly<Record<string, { description: string; content?: Record<string, { schema?: object }> }>>;
}

interface Document {
  readonly openapi: string;
  readonly info: { title: string; version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    schemas: Record<string, { type?: string | string[]; enum?: string[]; description?: string }>;
    securitySchemes: object;
  };
}

let scene: Scene;
let routes: readonly string[];
let document: Document;

beforeAll(async () => {
  scene = openScene();
  const api = createApi(scene.environment);
  const response = await api.request('/api/v1/openapi.json');
  expect(response.status).toBe(200);
  document = (await response.json()) as Document;
  routes = api.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.endsWith('/openapi.json'))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:([a-z]+)/g, '{$1}')}`);
});
afterAll(() => scene.ctx.database.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  );

describe('the OpenAPI document', () => {
  it('is of version 3.1, and lists every route that is served and none besides', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.info.title).toBe('Modeltrail');
    const listed = operations().map(({ path, method }) => `${method.toUpperCase()} ${path}`);
    expect([...listed].sort()).toEqual([...new Set(routes)].sort());
  });

  it('gives each route a summary, a group, its parameters, and its answers with their schemas', () => {
    for (const { path, operation } of operations()) {
      expect(operation.summary, path).toMatch(/^\S.*[^.]$/);
      expect(operation.tags, path).toHaveLength(1);
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
      expect(inPath.map(({ name }) => `{${name}}`).sort()).toEqual(
        [...path.matchAll(/\{[a-z]+\}/g)].map(String).sort(),
      );
      expect(inPath.every(({ required }) => required)).toBe(true);
      for (const { description, content } of Object.values(operation.responses)) {
        expect(description).not.toBe('');
        expect(Object.values(content ?? {}).every(({ schema }) => schema !== undefined)).toBe(true);
      }
    }
  });

  it('says of each route that there may be no database, and of each with a name that there may be no such thing', () => {
    for (const { path, operation } of operations()) {
      expect(Object.keys(operation.responses), path).toContain('503');
      if (path.includes('{') || path.endsWith('/identity'))
        expect(Object.keys(operation.responses), path).toContain('404');
      if (operation.parameters?.length) expect(Object.keys(operation.responses), path).toContain('400');
    }
  });

  it('refers to nothing that it does not hold', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(50);
    for (const [, name] of references) expect(document.components.schemas).toHaveProperty(String(name));
  });

  it('makes no component null where another refers to it', () => {
    for (const [name, { type, enum: values }] of Object.entries(document.components.schemas)) {
      expect([type].flat(), name).not.toContain('null');
      expect(values ?? [], name).not.toContain(null);
    }
  });

  it('explains every state with the word and the meaning of the pages', () => {
    const { LinkState } = document.components.schemas;
    expect(LinkState?.enum).toEqual(LINK_STATES);
    for (const state of LINK_STATES) {
      expect(LinkState?.description).toContain(LINK[state].word);
      expect(LinkState?.description).toContain(LINK[state].meaning);
    }
    for (const name of [
      'Authenticity',
      'Claim',
      'ModelState',
      'SignatureState',
      'FieldStatus',
      'CheckpointState',
      'Logged',
    ]) {
      expect(document.components.schemas[name]?.description, name).toMatch(/\((?:proven|claimed|broken|unknown)\)/);
    }
  });

  it('says that times are milliseconds', () => {
    const wrong = JSON.stringify(document.components.schemas).match(/"[a-zA-Z]+At":\{"type":"integer"[^}]*\}/g) ?? [];
    expect(wrong.length).toBeGreaterThan(10);
    expect(wrong.filter((field) => !field.includes('Milliseconds'))).toEqual([]);
  });
});
