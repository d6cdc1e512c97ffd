/** Which onnxruntime-node this process loads: the one that is installed, or a copy with more providers. Native code is loaded once a process,
 *  so this is the process's, and decided before its first session. */

let chosen: string | undefined;

/** Of a folder with node_modules in it. */
export function loadRuntimeFrom(folder: string): void { chosen = folder; }

/** What a module is resolved from. */
export function runtimeOrigin(): string | undefined { return chosen === undefined ? undefined : `${chosen}/package.json`; }
