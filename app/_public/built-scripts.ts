import { z } from 'zod';

/** Where the build leaves the scripts of public pages, from the root of the project: code by path. */
export const BUILT_SCRIPTS = '.next/public-scripts.json';

export const builtScriptsSchema = z.record(z.string(), z.string());
