import assert from 'node:assert/strict';
import fc from 'fast-check';
import { visibleParts, visibleText } from '../../src/shared/visibleText';

describe('visibleText', () => {
  const cases: [string, string, string][] = [
    ['leaves plain text alone, in any script', 'naïve 日本語 می‌خواهم 👩‍🚀?', 'naïve 日本語 می‌خواهم 👩‍🚀?'],
    ['shows terminal sequences', '\x1b[31mred\x07', '\\e[31mred\\u{7}'],
    ['shows line breaks, tabs and NUL', 'a\r\n\tb\0', 'a\\r\\n\\tb\\0'],
    ['shows bidi overrides and zero-width characters', 'ab\u202ecd\u200be', 'ab\\u{202e}cd\\u{200b}e'],
    ['shows invisible tags', 'a\u{e0041}b', 'a\\u{e0041}b'],
    ['shows half a surrogate pair', 'a\ud83db', 'a\\u{d83d}b'],
  ];
  for (const [name, text, want] of cases) it(name, () => assert.equal(visibleText(text), want));

  it('lets through what is kept', () => assert.equal(visibleText('a\n\x1b', '\n'), 'a\n\\e'));

  it('marks only what it replaced', () => {
    assert.deepEqual(visibleParts('a\\n\n'), [{ text: 'a\\n', isMark: false }, { text: '\\n', isMark: true }]);
  });

  it('never gives a control, bidi or unpaired character, whatever goes in', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => {
      assert.doesNotMatch(visibleText(text), /[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/u);
    }));
  });
});
