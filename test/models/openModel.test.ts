import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isHubId, openModel } from '../../src/models/openModel';
import { readTensor } from '../../src/models/decode';
import { renderProblem } from '../../src/shared/problem';
import { modelFolder, problemOf, reference, temporaryFolder } from './support';

const mistral = modelFolder('mistral'), llama = modelFolder('llama');

describe('openModel', () => {
  const folder = temporaryFolder();
  const copy = (source: string, name: string): string => {
    const target = join(folder, name);
    cpSync(source, target, { recursive: true });
    return target;
  };

  it('opens a folder with one file: config, texts, and where each tensor lies', async () => {
    const model = await openModel(llama), weights = resolve(llama, 'model.safetensors');
    assert.equal(model.id, llama);
    assert.equal(model.config.model_type, 'llama');
    assert.equal(model.chatTemplate, readFileSync(join(llama, 'chat_template.jinja'), 'utf8'));
    assert.equal(model.tokenizer!.tokenizerJson, readFileSync(join(llama, 'tokenizer.json'), 'utf8'));
    assert.deepEqual(model.generationConfig!.eos_token_id, 2);
    const q = model.tensors.get('model.layers.0.self_attn.q_proj.weight')!;
    assert.deepEqual([q.type, q.shape, q.file, q.byteLength], ['F32', [64, 64], weights, 64 * 64 * 4]);
    const bytes = readFileSync(weights).subarray(q.offset, q.offset + q.byteLength);
    assert.deepEqual(new Uint8Array((await readTensor(q)).buffer), new Uint8Array(bytes));
  });

  it('opens shards, tensors in bfloat16', async () => {
    const { tensors } = await openModel(mistral);
    assert.deepEqual(new Set([...tensors.values()].map(({ file, type }) => `${type} ${file}`)),
      new Set([1, 2].map(n => `BF16 ${resolve(mistral, `model-0000${n}-of-00002.safetensors`)}`)));
  });

  it('takes a path from where the caller stands', async () => {
    assert.equal((await openModel('llama', { baseDir: resolve(reference, 'models') })).config.model_type, 'llama');
  });

  it('opens a GGUF by its path, and one that is alone in a folder', async () => {
    mkdirSync(join(folder, 'one'));
    copyFileSync(join(reference, 'gguf/llama-q4_1.gguf'), join(folder, 'one/tiny.gguf'));
    for (const id of [join(folder, 'one/tiny.gguf'), join(folder, 'one')]) assert.equal((await openModel(id)).config.hidden_size, 64);
    copyFileSync(join(reference, 'gguf/llama-f16.gguf'), join(folder, 'one/other.gguf'));
    assert.match(renderProblem(await problemOf(() => openModel(join(folder, 'one')))), /holds 2 GGUF files and no config\.json: other\.gguf, tiny\.gguf\. Name one of the files\./);
  });

  it('follows symbolic links to the file that can be mapped', async () => {
    const linked = join(folder, 'linked');
    mkdirSync(linked);
    for (const name of ['config.json', 'model.safetensors', 'tokenizer.json']) symlinkSync(resolve(llama, name), join(linked, name));
    const { tensors } = await openModel(linked);
    assert.equal(tensors.get('model.norm.weight')!.file, resolve(llama, 'model.safetensors'));
  });

  it('has the same fingerprint wherever the model lies, and another for other weights or config', async () => {
    const one = await openModel(llama), moved = copy(llama, 'moved');
    assert.equal((await openModel(moved)).fingerprint, one.fingerprint);
    assert.notEqual((await openModel(mistral)).fingerprint, one.fingerprint);
    writeFileSync(join(moved, 'config.json'), JSON.stringify({ ...one.config, rms_norm_eps: 1e-5 }));
    assert.notEqual((await openModel(moved)).fingerprint, one.fingerprint);
  });

  it('finds a chat template in chat_template.json or the tokenizer config, the default one of several', async () => {
    const model = copy(llama, 'templates'), config = join(model, 'tokenizer_config.json');
    rmSync(join(model, 'chat_template.jinja'));
    assert.equal((await openModel(model)).chatTemplate, undefined);
    writeFileSync(config, JSON.stringify({ chat_template: [{ name: 'tool_use', template: 'b' }, { name: 'default', template: 'a' }] }));
    assert.equal((await openModel(model)).chatTemplate, 'a');
    writeFileSync(config, JSON.stringify({ chat_template: 'c' }));
    assert.equal((await openModel(model)).chatTemplate, 'c');
    writeFileSync(join(model, 'chat_template.json'), JSON.stringify({ chat_template: 'd' }));
    assert.equal((await openModel(model)).chatTemplate, 'd');
  });

  it('knows a hub id from a path', () => {
    assert.deepEqual(['org/name', 'HuggingFaceTB/SmolLM2-135M-Instruct', 'a/b.c_d'].map(isHubId), [true, true, true]);
    assert.deepEqual(['name', './org/name', '/org/name', 'a/b/c', '../b', 'a/..', 'org/x.gguf', 'a\\b/c', 'org/'].map(isHubId), Array(9).fill(false));
  });

  describe('says what is wrong:', () => {
    const shard = 'model-00002-of-00002.safetensors';
    const cases: [string, () => string, RegExp][] = [
      ['no such model', () => 'nothing-here', /^no such model: "nothing-here"\. Looked for the folder or file .*nothing-here; it is not a hub id \("organisation\/name"\) either\. Check the path\.$/],
      ['a missing shard', () => { const model = copy(mistral, 'missing'); rmSync(join(model, shard)); return model; },
        /missing: the index names 2 shards, of which 1 is missing: model-00002-of-00002\.safetensors\./],
      ['a truncated shard', () => { const model = copy(mistral, 'truncated'); truncateSync(join(model, shard), 100_000); return model; },
        /model-00002-of-00002\.safetensors, "model\.[^"]+": its data ends at byte \d+, but the file holds \d+ bytes of data\./],
      ['a tensor that is not in its shard', () => {
        const model = copy(mistral, 'moved-tensor'), index = join(model, 'model.safetensors.index.json');
        writeFileSync(index, readFileSync(index, 'utf8').replace('"weight_map": {', `"weight_map": { "model.extra.weight": "${shard}",`));
        return model;
      }, /model-00002-of-00002\.safetensors, "model\.extra\.weight": the index says that this shard holds the tensor, but it does not\./],
      ['an index that leads out of the folder', () => {
        const model = copy(mistral, 'escape');
        writeFileSync(join(model, 'model.safetensors.index.json'), JSON.stringify({ weight_map: { a: '../llama/model.safetensors' } }));
        return model;
      }, /"a": its shard is "\.\.\/llama\/model\.safetensors"; the plain name of a \.safetensors file is needed\./],
      ['a pickle only', () => { const model = copy(llama, 'pickle'); rmSync(join(model, 'model.safetensors')); writeFileSync(join(model, 'pytorch_model.bin'), ''); return model; },
        /the weights are in pytorch_model\.bin only, a pickle that can run code when it is read; safetensors are needed\. Convert it once/],
      ['no weights', () => { const model = copy(llama, 'weightless'); rmSync(join(model, 'model.safetensors')); return model; }, /neither model\.safetensors nor model\.safetensors\.index\.json/],
      ['an adapter', () => join(llama, 'adapter'), /the folder holds an adapter, not a model\. Name the base model here/],
      ['an empty folder', () => { mkdirSync(join(folder, 'empty')); return join(folder, 'empty'); }, /the folder has no config\.json and no GGUF file\./],
      ['a config that is not JSON', () => { const model = copy(llama, 'broken'); writeFileSync(join(model, 'config.json'), '{'); return model; }, /config\.json: it is not JSON: /],
      ['a file that is no model', () => join(llama, 'config.json'), /the file is not a GGUF; a model is named by its folder/],
    ];
    for (const [what, make, text] of cases) it(what, async () => {
      const id = make();
      assert.match(renderProblem(await problemOf(() => openModel(id, { isOffline: true }))), text);
    });
  });

});
