/** The door of the charts, for the views of one run and of several. */
export { ChartGrid, type ChartedRun } from './chartGrid';
export { type ChartSettings, DEFAULT_SETTINGS, isChartSettings } from './controls';
export type { Range } from './curve';
export { Swatch } from './legend';
export { runColor, runDash, usePalette } from './palette';
export { createStore, type Store } from './store';
