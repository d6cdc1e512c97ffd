/** sql.js, loaded on first use. Its WebAssembly lies beside the bundle, or in node_modules where the sources run. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SqlJsStatic } from 'sql.js';

const WASM = 'sql-wasm.wasm';

let loaded: Promise<SqlJsStatic> | undefined;

/** `wasmFile`: where the WebAssembly is, for a host whose bundle is not an ES module. */
export function loadSql(wasmFile?: string): Promise<SqlJsStatic> {
  loaded ??= load(wasmFile);
  return loaded;
}

async function load(wasmFile: string = findWasm()): Promise<SqlJsStatic> {
  const { default: initialise } = await import('sql.js');
  const bytes = await fs.promises.readFile(wasmFile);
  return initialise({ wasmBinary: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer });
}

/** dist/ or dist/chunks/, else the package. */
function findWasm(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const beside = [here, path.dirname(here)].map(folder => path.join(folder, WASM)).find(file => fs.existsSync(file));
  return beside ?? createRequire(import.meta.url).resolve(`sql.js/dist/${WASM}`);
}
