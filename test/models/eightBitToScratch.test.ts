/** Codes of 8 bits in the cache: worked out once, where the engine maps them. */
import { strict as assert } from 'node:assert';
import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSafetensors, writeSafetensors } from '../../src/models';
import { eightBitToScratch } from '../../src/models/decode';
import { encodeEightBit, layEightBit, type CodeLevels, type ProductDirection } from '../../src/shared/eightBit';
import type { EightBitMatrix } from '../../src/shared/tensors';

const WEIGHT = Float32Array.from({ length: 15 }, (_, i) => Math.sin(i + 1)); // [3,5]
const DIRECTIONS = new Map<string, readonly ProductDirection[]>([['w', ['forward', 'backward']], ['head', ['forward']], ['missing', ['backward']]]);

describe('codes of 8 bits in the cache', () => {
  let folder: string;
  beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'merlina-int8-')); });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function make(levels: CodeLevels, onProgress?: (done: number, total: number) => void) {
    const model = path.join(folder, 'model.safetensors');
    if (!(await readdir(folder)).includes('model.safetensors')) await writeSafetensors(model, ['w', 'head'].map(name => ({ name, shape: [3, 5], type: 'F32', data: WEIGHT })));
    const { info } = await readSafetensors(model);
    return eightBitToScratch(new Map(['w', 'head'].map(name => [name, info(name)])), path.join(folder, 'cache'), { directions: DIRECTIONS, levels, ...(onProgress && { onProgress }) });
  }

  it('are those of each direction that is asked for, and of what the model has', async () => {
    const weights = await make(127);
    assert.deepEqual([...weights].map(([name, directions]) => [name, Object.keys(directions)]), [['w', ['forward', 'backward']], ['head', ['forward']]]);
    for (const direction of ['forward', 'backward'] as const) {
      const matrix = weights.get('w')![direction]!;
      assert.deepEqual(matrix.shape, direction === 'forward' ? [5, 3] : [3, 5]);
      const expected = layEightBit(encodeEightBit(WEIGHT, [3, 5], direction, 127));
      assert.deepEqual(await bytesAt(matrix, expected.length), expected);
      assert.equal(matrix.offset % 4, 0);
    }
  });

  it('are found again, and worked out anew for other levels', async () => {
    const seen: string[] = [];
    const note = (done: number, total: number) => seen.push(`${done}/${total}`);
    await make(127, note);
    const again = await make(127, note);
    assert.deepEqual(seen, ['1/3', '2/3', '3/3']);
    const coarse = await make(63, note);
    assert.equal(seen.length, 6);
    assert.notEqual(coarse.get('w')!.forward!.file, again.get('w')!.forward!.file);
    assert.deepEqual((await readdir(path.join(folder, 'cache'))).map(name => name.replace(/-[0-9a-f]{32}/, '')).sort(), ['int8-127.safetensors', 'int8-63.safetensors']);
  });
});

async function bytesAt({ file, offset }: EightBitMatrix, count: number): Promise<Uint8Array> {
  const handle = await open(file);
  try {
    return new Uint8Array((await handle.read(new Uint8Array(count), 0, count, offset)).buffer);
  } finally {
    await handle.close();
  }
}
