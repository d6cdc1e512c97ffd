/** What runs when the extension activates and when the command line starts, measured on the bundles themselves. */
import { strict as assert } from 'node:assert';
import { build, type Metafile } from 'esbuild';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeOptions } from '../../esbuild.mjs';

/** Measured 84 kB; a library that slips into activation is more than what is left. */
const ACTIVATION_LIMIT_BYTES = 120_000;

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

let metafile: Metafile;
before(async () => { ({ metafile } = await build({ ...nodeOptions, absWorkingDir: ROOT, write: false, metafile: true })); });

describe('the bundle of the extension host', () => {
  it('runs no package, no native module and no wasm on activation', () => {
    const foreign = eagerInputs(metafile, 'src/extension.ts').filter(file => !/^src\/(?:extension\.ts|vscode\/|shared\/|jobs\/(?:status|findNode)\.ts$)/.test(file));
    assert.deepEqual(foreign, []);
  });

  it(`runs less than ${ACTIVATION_LIMIT_BYTES} bytes on activation`, () => {
    const files = eagerInputs(metafile, 'src/extension.ts');
    const sizeBytes = Object.values(metafile.outputs).flatMap(({ inputs }) => files.map(file => inputs[file]?.bytesInOutput ?? 0)).reduce((sum, size) => sum + size, 0);
    assert.ok(sizeBytes > 0 && sizeBytes < ACTIVATION_LIMIT_BYTES, `${sizeBytes} bytes`);
  });

  it('leaves the native modules outside', () => {
    const bundled = Object.keys(metafile.inputs).filter(file => /\.node$|\.wasm$|onnxruntime/.test(file));
    assert.deepEqual(bundled, []);
  });

  it("keeps VS Code's module away from the command line, the trainer and the service", () => {
    for (const entry of ['src/cli.ts', 'src/training/main.ts', 'src/service/main.ts']) {
      const importers = allInputs(metafile, entry).filter(file => metafile.inputs[file].imports.some(({ path: imported }) => imported === 'vscode'));
      assert.deepEqual(importers, [], entry);
    }
  });
});

describe('the bundle of command line and trainer', () => {
  it('starts with words only: each command brings its own code, and packages', () => {
    const foreign = eagerInputs(metafile, 'src/cli.ts').filter(file => !/^src\/(?:cli\.ts|cli\/|shared\/)/.test(file));
    assert.deepEqual(foreign, []);
  });

  it('never imports the native runtime as it loads, only when it computes', () => {
    const importers = Object.entries(metafile.inputs).filter(([, { imports }]) =>
      imports.some(({ path: imported, kind }) => imported === 'onnxruntime-node' && kind === 'import-statement'));
    assert.deepEqual(importers.map(([file]) => file), []);
  });
});

/** The files that run as soon as `entry` does: those behind a dynamic import wait until it is reached. */
function eagerInputs(from: Metafile, entry: string): string[] {
  return reachedFrom(from, entry, kind => kind !== 'dynamic-import');
}

function allInputs(from: Metafile, entry: string): string[] {
  return reachedFrom(from, entry, () => true);
}

function reachedFrom({ inputs }: Metafile, entry: string, follows: (kind: string) => boolean): string[] {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file) || !inputs[file]) return;
    reached.add(file);
    for (const { path: imported, kind } of inputs[file].imports) if (follows(kind)) visit(imported);
  };
  visit(entry);
  return [...reached].sort();
}
