import assert from 'node:assert/strict';
import { rowFiles } from '../../../src/datasets/loaders/huggingFace/rowFiles';
import { splitsByName } from '../../../src/datasets/loaders/huggingFace/splitNames';

describe('splits by the names of files', () => {
  // Expected: datasets 5.2 get_data_patterns over files of these names.
  const cases: [string[], Record<string, string[]>][] = [
    [['test.csv', 'train.csv'], { train: ['train.csv'], test: ['test.csv'] }],
    [['data/test.csv', 'data/train.csv'], { train: ['data/train.csv'], test: ['data/test.csv'] }],
    [['test_0.csv', 'train_0.csv', 'train_1.csv'], { train: ['train_0.csv', 'train_1.csv'], test: ['test_0.csv'] }],
    [['data/train/a.csv', 'data/test/a.csv'], { train: ['data/train/a.csv'], test: ['data/test/a.csv'] }],
    [['my-train-set/a.csv', 'eval/b.csv'], { train: ['my-train-set/a.csv'], test: ['eval/b.csv'] }],
    [['a.csv', 'b.csv'], { train: ['a.csv', 'b.csv'] }],
    [['data/train-00000-of-00001.parquet', 'data/rand-00000-of-00001.parquet', 'other.csv'], { train: ['data/train-00000-of-00001.parquet'], rand: ['data/rand-00000-of-00001.parquet'] }],
    [['dev.jsonl', 'training.jsonl'], { train: ['training.jsonl'], validation: ['dev.jsonl'] }],
    [['trainer.csv', 'x.csv'], { train: ['trainer.csv', 'x.csv'] }],
    [['train.jsonl.gz', 'valid.jsonl.gz'], { train: ['train.jsonl.gz'], validation: ['valid.jsonl.gz'] }],
    [['pre_train_post.csv', 'val.csv'], { train: ['pre_train_post.csv'], validation: ['val.csv'] }],
    [[], {}],
  ];
  for (const [names, splits] of cases) it(names.join(' ') || 'nothing', () => {
    const found = splitsByName(names);
    assert.deepEqual(Object.fromEntries(found), splits);
    assert.deepEqual([...found.keys()], Object.keys(splits), 'train first');
  });

  it('are of files of rows, of the commonest kind', () => {
    assert.deepEqual(rowFiles(['a.json', 'b.jsonl.gz', 'c.ndjson', 'meta.csv', 'x.arrow', 'y.zip', 'LICENSE', 'notes.txt']), ['a.json', 'b.jsonl.gz', 'c.ndjson']);
    assert.deepEqual(rowFiles(['a.csv', 'b.parquet']), ['b.parquet']);
    assert.deepEqual(rowFiles(['LICENSE.txt', 'a.tsv.zst']), ['a.tsv.zst']);
    assert.deepEqual(rowFiles(['x.arrow', 'gz']), []);
  });
});
