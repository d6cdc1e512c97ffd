/** The hub's own conversion of a dataset: Parquet files CONFIG/SPLIT/0000.parquet on a branch of their own. Source: dataset-viewer, job parquet. */

export const PARQUET_BRANCH = 'refs/convert/parquet';
const FILE = /^([^/]+)\/(partial-)?([^/]+?)(?:-part\d+)?\/\d{4,}\.parquet$/;

export interface ConvertedSplit {
  files: string[];
  /** Only the first gigabytes were converted. */
  isPartial: boolean;
}

/** Config → split → files, or undefined where these are not the files of such a branch. */
export function convertedConfigs(names: readonly string[]): Map<string, Map<string, ConvertedSplit>> | undefined {
  const configs = new Map<string, Map<string, ConvertedSplit>>();
  for (const name of names) {
    if (name === '.gitattributes') continue;
    const [, config, partial, split] = FILE.exec(name) ?? [];
    if (config === undefined || split === undefined) return undefined;
    const splits = configs.get(config) ?? new Map<string, ConvertedSplit>();
    configs.set(config, splits);
    const found = splits.get(split) ?? { files: [], isPartial: false };
    splits.set(split, { files: [...found.files, name], isPartial: found.isPartial || partial !== undefined });
  }
  return configs.size === 0 ? undefined : configs;
}
