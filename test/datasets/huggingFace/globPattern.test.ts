import assert from 'node:assert/strict';
import fc from 'fast-check';
import { matching, searchedFolder } from '../../../src/datasets/loaders/huggingFace/globPattern';

const names = [
  '.gitattributes', '.hidden/a.csv', 'README.md', '__pycache__/a.csv', 'a.csv', 'b[1].csv', 'data/a.csv', 'data/deep/b.csv', 'data/deep/deeper/c.json', 'data/train-00000-of-00002.parquet', 'data/train-x.parquet',
];

describe('patterns of a dataset card', () => {
  // Expected: datasets 5.2 resolve_pattern over the same names.
  const cases: [string, string[]][] = [
    ['a.csv', ['a.csv']],
    ['*.csv', ['a.csv', 'b[1].csv']],
    ['**', ['a.csv', 'b[1].csv', 'data/a.csv', 'data/deep/b.csv', 'data/deep/deeper/c.json', 'data/train-00000-of-00002.parquet', 'data/train-x.parquet']],
    ['**/*.csv', ['a.csv', 'b[1].csv', 'data/a.csv', 'data/deep/b.csv']],
    ['data/*', ['data/a.csv', 'data/train-00000-of-00002.parquet', 'data/train-x.parquet']],
    ['data/**', ['data/a.csv', 'data/deep/b.csv', 'data/deep/deeper/c.json', 'data/train-00000-of-00002.parquet', 'data/train-x.parquet']],
    ['data/**/c.json', ['data/deep/deeper/c.json']],
    ['data/train-[0-9][0-9][0-9][0-9][0-9]-of-*', ['data/train-00000-of-00002.parquet']],
    ['data/train-[!0-9].parquet', ['data/train-x.parquet']],
    ['data/train-?.parquet', ['data/train-x.parquet']],
    ['*/*.csv', ['data/a.csv']],
    ['.hidden/*', ['.hidden/a.csv']],
    ['__pycache__/*', ['__pycache__/a.csv']],
    ['README.md', ['README.md']],
    ['b[[]1].csv', ['b[1].csv']],
    ['(a).csv', []],
  ];
  for (const [pattern, expected] of cases) it(pattern, () => assert.deepEqual(matching(names, pattern), expected));

  it('are looked for in the folder that all matches lie in', () => {
    assert.deepEqual(['a.csv', 'data/a.csv', 'data/*.csv', 'data/**', 'data/*/x/*.csv', '**/a', '*.csv', 'd/**.csv'].map(searchedFolder), [
      { folder: '', isRecursive: false }, { folder: 'data', isRecursive: false }, { folder: 'data', isRecursive: false }, { folder: 'data', isRecursive: true },
      { folder: 'data', isRecursive: true }, { folder: '', isRecursive: true }, { folder: '', isRecursive: false }, { folder: 'd', isRecursive: false },
    ]);
  });

  it('take what a regular expression of the same meaning takes', () => {
    const part = fc.constantFrom('a', 'b', 'ab', '*', '**', 'a*', '*b', 'a?', '?', '*a*', '[ab]', '[!a]b', '[a-b]*'), name = fc.constantFrom('a', 'b', 'ab', 'ba', 'aab', 'bab');
    const path = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<string> => fc.array(one, { minLength: 1, maxLength: 4 }).map(parts => parts.join('/'));
    const expressionOf = (pattern: string): RegExp => new RegExp(`^${pattern.split('/').map((one, i, { length }) => {
      if (one === '**') return i === length - 1 ? '.*' : '(?:.+/)?';
      return `${one === '*' ? '[^/]+' : one.replaceAll('*', '[^/]*').replaceAll('?', '[^/]').replaceAll('[!', '[^')}${i === length - 1 ? '' : '/'}`;
    }).join('')}$`);
    fc.assert(fc.property(path(part), path(name), (pattern, one) => assert.equal(matching([one], pattern).length === 1, expressionOf(pattern).test(one), `${pattern} of ${one}`)), { numRuns: 3000, seed: 7 });
  });

  it('never fail and never hang, whatever they are', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', '*', '?', '[', ']', '!', '-', '/', '\\', '(', '.', '\u{1f600}') }), pattern => { matching(names, pattern); }), { numRuns: 2000, seed: 7 });
    assert.deepEqual(matching([`${'a'.repeat(5000)}b`], `${'*a'.repeat(200)}*c`), []);
    assert.deepEqual(matching([Array(300).fill('a').join('/')], `${'**/a/'.repeat(40)}**/b`), []);
  });
});
