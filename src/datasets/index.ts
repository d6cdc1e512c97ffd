/** The door of datasets: rows in, tokens out. */
export { detectShape, mapColumns, readRow } from './columns';
export type { Shape } from './columns';
export { columnsParity } from './columnsParity';
export { formatterParity } from './formatterParity';
export type { DatasetFormatter } from './formatters/datasetFormatter';
export { formatterNames, getFormatter } from './formatters/getFormatter';
export type { FormatterOptions } from './formatters/getFormatter';
export { createLoader } from './loaders/createLoader';
export type { DatasetSource } from './loaders/createLoader';
export type { DatasetLoader } from './loaders/datasetLoader';
export { LocalFileLoader } from './loaders/localFileLoader';
export { DatasetPipeline } from './pipeline';
export type { DatasetReport, PipelineOptions, PreparedDataset } from './pipeline';
export type { FormatRow, FormattedRow, Origin, RawRow, TextRow, Turn } from './rows';
export type { TokenisedRow, TokenTrace } from './trainingRows';
export { cutAfterStop, stopsOf, tokenisePair, tokeniseResponse } from './tokenise';
