/** Types of esbuild.mjs, for the tests that look into the bundles. */
import type { BuildOptions, Metafile } from 'esbuild';

export declare const hostOptions: BuildOptions;
export declare const nodeOptions: BuildOptions;
export declare function buildAll(): Promise<{ host: Metafile; node: Metafile }>;
