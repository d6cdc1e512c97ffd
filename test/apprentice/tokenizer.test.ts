/** The apprentice's tokenizer: made by our own script, read by the tokenizer every model uses. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { trainBpe } from '../../scripts/apprentice/bpe';
import { corpus, wizardRows } from '../../scripts/apprentice/text';
import { apprenticeTokenizer, VOCABULARY_SIZE } from '../../scripts/apprentice/trainTokenizer';
import { loadTokenizer } from '../../src/models';

const read = (name: string) => readFileSync(`media/apprentice/${name}`, 'utf8');

describe('apprentice tokenizer', () => {
  const tokenizer = loadTokenizer({ tokenizerJson: read('tokenizer.json'), tokenizerConfig: read('tokenizer_config.json') });

  it('is committed as the script makes it', () => {
    for (const [name, text] of Object.entries(apprenticeTokenizer())) assert.equal(read(name), text, name);
  });

  it('has 1024 entries, ChatML\'s marks first', () => {
    assert.equal(tokenizer.vocabularySize, VOCABULARY_SIZE);
    assert.deepEqual(['<|endoftext|>', '<|im_start|>', '<|im_end|>'].map((token) => tokenizer.idOf(token)), [0, 1, 2]);
    assert.equal(tokenizer.eos?.text, '<|im_end|>');
    assert.equal(tokenizer.pad?.text, '<|endoftext|>');
  });

  it('decodes what it encodes, also text it never saw', () => {
    const texts = [...wizardRows().map(({ chosen }) => chosen), ...corpus().train.slice(0, 500).map(({ prompt }) => prompt), 'Größe, 你好, 🙂\n\n\ttabs  and   spaces ', ''];
    for (const text of texts) assert.equal(text === '' ? '' : tokenizer.decode(tokenizer.encode(text)), text);
  });

  it('keeps a turn\'s frame short: one token for each mark and role', () => {
    assert.equal(tokenizer.encode('<|im_start|>assistant\n').length, 3);
    assert.equal(tokenizer.encode('<|im_start|>user\n').length, 3);
  });
});

describe('byte-pair merges', () => {
  it('join the most frequent pair first, the first in code order among equals', () => {
    // "ab" three times, then " c", "ab c" never: words do not join.
    const { merges } = trainBpe(['ab ab cab'], 3 + 256 + 2, ['<a>', '<b>', '<c>']);
    assert.deepEqual(merges, [['a', 'b'], ['c', 'ab']]);
  });

  it('stop when nothing is left to join', () => {
    assert.deepEqual(trainBpe(['x y'], 1000, []).merges, [['Ġ', 'y']]);
  });
});
