/** Answers what views with charts ask: finer series, and files of what they show. */
import type { Handlers } from '../../shared/calls';
import { seriesCsv } from '../../shared/seriesCsv';
import type { chartRequests } from '../../shared/panels/chartRequests';
import type { Host } from '../host';
import { saveFile } from '../saveFile';

export interface ChartedRuns {
  /** What files are called, without their ending. */
  title: string;
  runs: readonly { jobId: string; name: string }[];
}

/** `shown` is asked at each request: runs come and go. */
export function chartHandlers(host: Host, shown: () => ChartedRuns): Handlers<typeof chartRequests> {
  return {
    series: async ({ jobId, ...range }) => (await host.jobs.manager()).getSeries(jobId, range),
    savePicture: ({ kind, content }) => saveFile({
      name: `${shown().title}.${kind}`, filters: { [kind.toUpperCase()]: [kind] }, content: Buffer.from(content, kind === 'png' ? 'base64' : 'utf8'),
    }),
    async saveValues(range) {
      const manager = await host.jobs.manager();
      const { title, runs } = shown();
      const csv = seriesCsv(runs.map(({ jobId, name }) => ({ name, series: manager.getSeries(jobId, range) })));
      return saveFile({ name: `${title}.csv`, filters: { CSV: ['csv'] }, content: Buffer.from(csv) });
    },
  };
}
