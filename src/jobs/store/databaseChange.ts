/** A change of the job history as a value: what one thread did to its copy, another does to its own. */
import type { JobRecord, MetricRow } from '../jobRecord';

export type DatabaseChange =
  | { readonly type: 'putJob'; readonly record: JobRecord }
  | { readonly type: 'deleteJob'; readonly jobId: string }
  | { readonly type: 'addMetrics'; readonly jobId: string; readonly rows: readonly MetricRow[] }
  | { readonly type: 'clearMetrics'; readonly jobId: string }
  | { readonly type: 'cutMetrics'; readonly jobId: string; readonly step: number }
  | { readonly type: 'setState'; readonly name: string; readonly value: string };
