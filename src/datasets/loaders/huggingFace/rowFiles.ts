/** Which files of a repository hold rows, by their names. */

/** Extension → what reads it, the favourite of equally many first. Order as datasets 5.2 load.py, infer_module_for_data_files_list. */
const READERS: Readonly<Record<string, string>> = { parquet: 'parquet', jsonl: 'json', json: 'json', ndjson: 'json', csv: 'csv', tsv: 'tsv', txt: 'text' };
const EXTENSIONS = Object.keys(READERS);
const PACKED = /\.(?:gz|zst)$/;

/** "jsonl" of "a/b.jsonl.gz"; undefined where it is no file of rows. */
export function rowExtension(name: string): string | undefined {
  const extension = /\.([^./]+)$/.exec(name.toLowerCase().replace(PACKED, ''))?.[1];
  return extension !== undefined && Object.hasOwn(READERS, extension) ? extension : undefined;
}

/** The files of rows among these; of several kinds the commonest, since the others are notes beside them. */
export function rowFiles(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) {
    const extension = rowExtension(name);
    if (extension !== undefined) counts.set(extension, (counts.get(extension) ?? 0) + 1);
  }
  const [commonest] = [...counts].sort(([a, many], [b, more]) => more - many || EXTENSIONS.indexOf(a) - EXTENSIONS.indexOf(b));
  return commonest ? names.filter(name => READERS[rowExtension(name) ?? ''] === READERS[commonest[0]]) : [];
}
