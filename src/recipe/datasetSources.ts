/** All sources of a recipe's dataset, each with its place: "dataset.additional_sources.0". */
import type { DatasetSourceConfig, Recipe } from './schema';

export interface PlacedSource {
  source: DatasetSourceConfig;
  field: string;
}

/** In the order in which they are read: the source, those appended to it, the one to evaluate on. */
export function datasetSources({ dataset }: Pick<Recipe, 'dataset'>): PlacedSource[] {
  return [
    { source: dataset.source, field: 'dataset.source' },
    ...dataset.additional_sources.map((source, place) => ({ source, field: `dataset.additional_sources.${place}` })),
    ...(dataset.eval_source ? [{ source: dataset.eval_source, field: 'dataset.eval_source' }] : []),
  ];
}
