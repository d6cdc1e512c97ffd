/** Pairs of preferences in a file. */
import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { addPair } from '../../src/vscode/chat/pairFile';

const ROW = { prompt: 'Who?', chosen: 'I, the wizard.\nIndeed.', rejected: 'Nobody.' };
const LINE = `${JSON.stringify(ROW)}\n`;

describe('vscode/chat/pairFile', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'merlina-pairs-'));
    file = path.join(folder, 'pairs.jsonl');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('makes the file, and adds a line each time', async () => {
    await addPair(file, ROW);
    await addPair(file, { system: 'Be brief.', ...ROW });
    assert.equal(await readFile(file, 'utf8'), LINE + `${JSON.stringify({ system: 'Be brief.', ...ROW })}\n`);
  });

  it('begins a line of its own where the last one is open', async () => {
    await writeFile(file, LINE.trimEnd());
    await addPair(file, ROW);
    assert.equal(await readFile(file, 'utf8'), LINE + LINE);
  });

  for (const [name, text, message] of [
    ['other columns', '{"instruction": "a", "output": "b"}\n', /columns instruction, output; a pair has prompt, chosen and rejected/],
    ['text', 'hello\n', /first line of this file is no JSON object/],
    ['a list', '[1]\n', /no JSON object/],
  ] as const) {
    it(`leaves a file of ${name} as it is`, async () => {
      await writeFile(file, text);
      await assert.rejects(addPair(file, ROW), message);
      assert.equal(await readFile(file, 'utf8'), text);
    });
  }
});
