/** Splits of files that nothing describes, by the names of files and folders. Source: datasets 5.2 data_files.py. */

const KEYWORDS = { train: ['train', 'training'], validation: ['validation', 'valid', 'dev', 'val'], test: ['test', 'testing', 'eval', 'evaluation'] } as const;
const ORDER = Object.keys(KEYWORDS);
const BETWEEN = '[-._ 0-9]';
/** data/SPLIT-00000-of-00003.parquet, and nothing else is looked at. */
const SHARD = /^data\/([^/]+)-\d{5}-of-\d{5}[^/]*\.[^/]*$/;

/** Files of each split, in order. `names` are relative to the folder of the data; where no name says anything, all are "train". */
export function splitsByName(names: readonly string[]): Map<string, string[]> {
  for (const splitsOf of [shardSplits, folderSplits, fileSplits]) {
    const splits = group(names, splitsOf);
    if (splits.size > 0) return splits;
  }
  return new Map(names.length === 0 ? [] : [['train', [...names]]]);
}

function shardSplits(name: string): string[] {
  return SHARD.exec(name)?.slice(1) ?? [];
}

function folderSplits(name: string): string[] {
  const folders = name.split('/').slice(0, -1);
  return keywordSplits(keyword => new RegExp(`^(?:.*${BETWEEN})?${keyword}(?:${BETWEEN}.*)?$`), folders);
}

function fileSplits(name: string): string[] {
  return keywordSplits(keyword => new RegExp(`^(?:.*${BETWEEN})?${keyword}${BETWEEN}.*$`), name.split('/').slice(-1));
}

function keywordSplits(expression: (keyword: string) => RegExp, parts: readonly string[]): string[] {
  return Object.entries(KEYWORDS).filter(([, keywords]) => keywords.some(keyword => parts.some(part => expression(keyword).test(part)))).map(([split]) => split);
}

function group(names: readonly string[], splitsOf: (name: string) => string[]): Map<string, string[]> {
  const splits = new Map<string, string[]>();
  for (const name of names) for (const split of splitsOf(name)) splits.set(split, [...splits.get(split) ?? [], name]);
  const place = (split: string): number => ORDER.includes(split) ? ORDER.indexOf(split) : ORDER.length;
  return new Map([...splits].sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1)));
}
