import assert from 'node:assert/strict';
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
      { folder: 'data', isRecursive: true }, { folder: '', isRecursive: true }, { folder: '', isRecursive: false }, { folder: 'd', isRecursive: true },
    ]);
  });
});
