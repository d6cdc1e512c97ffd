/** Types of esbuild.mjs, for the tests that look into the bundles. */
import type { BuildOptions, Metafile } from 'esbuild';

export declare const nodeOptions: BuildOptions;
export declare const webviewOptions: BuildOptions;
/** Names of the views: dist/webview/NAME.js. */
export declare const VIEWS: string[];
export declare function buildAll(): Promise<{ node: Metafile; webview: Metafile }>;
