/** The runs that are followed in this process, and their series. */
import type { JobSummary, SeriesByName, SeriesRange } from '../../shared/follow';
import type { JobIndex } from '../jobIndex';
import type { JobRecord } from '../jobRecord';
import { readSeries } from '../seriesFile';
import type { SeriesReading } from '../seriesFile';
import { seriesOfRows } from './metricSeries';
import { RunFollower } from './runFollower';
import type { FollowListener } from './runFollower';

/** Of one series; a chart is hardly wider. */
const SNAPSHOT_POINTS = 4096;

export class Followers {
  private readonly followers = new Map<string, RunFollower>();

  constructor(private readonly index: JobIndex, private readonly summaryOf: (record: JobRecord) => JobSummary) {
    index.onChanged(jobIds => { for (const id of jobIds) this.followers.get(id)?.poke(); });
  }

  /** Gives what ends it. The job has to be there. */
  follow(jobId: string, listener: FollowListener): () => void {
    const follower = this.followers.get(jobId) ?? this.start(jobId);
    this.followers.set(jobId, follower);
    follower.add(listener);
    return () => {
      follower.remove(listener);
      if (follower.hasListeners || this.followers.get(jobId) !== follower) return;
      follower.close();
      this.followers.delete(jobId);
    };
  }

  /** Of a run with more steps than the history keeps, or one that is not read to its end, the range comes from the run's own files. */
  series(jobId: string, range: SeriesRange): SeriesByName {
    return this.read(jobId, range).series;
  }

  close(): void {
    for (const follower of this.followers.values()) follower.close();
    this.followers.clear();
  }

  private start(jobId: string): RunFollower {
    const { config, events_offset } = this.index.derive(jobId, { isHurried: true }) ?? this.index.database.getJob(jobId)!;
    return new RunFollower({
      folder: this.index.folderOf(jobId), recipe: config, eventsOffset: events_offset, ...this.read(jobId, { maxPoints: SNAPSHOT_POINTS }),
      summary: () => {
        const record = this.index.derive(jobId, { isHurried: true }) ?? this.index.database.getJob(jobId);
        return record && this.summaryOf(record);
      },
    });
  }

  private read(jobId: string, range: SeriesRange): SeriesReading {
    const { fromStep, toStep } = range;
    const { database } = this.index;
    const folder = this.index.folderOf(jobId);
    const stored = (isEvaluated: boolean): SeriesByName =>
      seriesOfRows(database.getMetrics(jobId, { ...(fromStep !== undefined && { fromStep }), ...(toStep !== undefined && { toStep }), isEvaluated }), range);
    const isWhole = !database.isThinned(jobId) && database.getJob(jobId)?.events_offset === folder.eventsSize();
    const long = isWhole ? undefined : readSeries(folder.root, range);
    if (!long) return { series: stored(false), lastStep: 0 };
    // Evaluations are few, and only here.
    const evaluations = Object.entries(stored(true)).filter(([name]) => name.startsWith('eval_'));
    return { series: { ...long.series, ...Object.fromEntries(evaluations) }, lastStep: long.lastStep };
  }
}
