/** The whole view: header, charts, and the tabs below them. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RunContract, RunState } from '../../src/shared/panels/run';
import { isAbort, problemsOf } from '../../src/shared/calls';
import type { RunSnapshot } from '../../src/shared/follow';
import type { Problem } from '../../src/shared/problem';
import { ChartGrid, createStore, DEFAULT_SETTINGS, type Range } from '../charts';
import { isSavedCharts, useSaved, type SavedCharts } from '../runParts';
import { Busy } from '../ui/controls';
import { boot, savedState, type Call } from '../ui/host';
import { l10n } from '../ui/l10n';
import { ProblemList } from '../ui/problemList';
import type { ViewProps } from '../ui/startView';
import type { Act } from './act';
import { Below, isTabId, type TabId } from './below';
import { Header } from './header';
import { State } from './state';
import './run.css';

export function RunView({ state, call }: ViewProps<RunContract, RunState>) {
  if (!state) return <Busy text={l10n.t('Opening the run')} />;
  if (!state.run) return <p>{l10n.t('This run is no longer there. It was deleted, or its folder was moved.')}</p>;
  return <Run run={state.run} state={state} call={call} />;
}

interface Saved extends SavedCharts {
  tab: TabId;
}

function isSaved(value: unknown): value is Saved {
  return isSavedCharts(value) && 'tab' in value && isTabId(value.tab);
}

function Run({ run, state, call }: { run: RunSnapshot; state: RunState; call: Call<RunContract> }) {
  const saved = useMemo(() => savedState(isSaved), []);
  const [settings, setSettings] = useState(saved?.settings ?? DEFAULT_SETTINGS);
  const [tab, setTab] = useState<TabId>(saved?.tab ?? 'samples');
  const range = useMemo(() => createStore<Range | null>(saved?.range ?? null), []);
  useSaved(settings, range, useMemo(() => ({ tab }), [tab]));

  const [problems, setProblems] = useState<Problem[]>([]);
  const ask: Call<RunContract> = async (name, params, options) => {
    try {
      return await call(name, params, options);
    } catch (error) {
      if (!isAbort(error)) setProblems(problemsOf(error));
      throw error;
    }
  };
  /** For buttons: what went wrong is shown, and nobody waits for the end. */
  const act: Act = (name, params) => {
    setProblems([]);
    ask(name, params).catch(() => {});
  };

  const { job, series } = run;
  const runs = useMemo(() => [{ id: job.job_id, name: job.name, series }], [job.job_id, job.name, series]);
  return (
    <>
      <Header run={run} act={act} />
      <State run={run} isReconnecting={state.isReconnecting} act={act} />
      <ProblemList problems={problems} />
      <ChartGrid
        runs={runs} isOverlay={false} settings={settings} onSettings={setSettings} range={range} title={job.name}
        loadSeries={(jobId, part) => ask('series', { jobId, fromStep: part.fromStep, toStep: part.toStep, maxPoints: part.maxPoints! })}
        onSave={file => act('savePicture', file)} onSaveValues={steps => act('saveValues', steps)} shimmers={useShimmer(job.status === 'completed')}
      />
      <Below run={run} recipe={state.recipe} tab={tab} onTab={setTab} act={act} />
    </>
  );
}

/** True from the moment at which a run completes while it is watched; never for one that had completed before, nor where nothing shall move. */
function useShimmer(isCompleted: boolean): boolean {
  const was = useRef(isCompleted);
  const [shimmers, setShimmers] = useState(false);
  useEffect(() => {
    if (isCompleted && !was.current && boot.isMagical && !matchMedia('(prefers-reduced-motion: reduce)').matches) setShimmers(true);
    was.current = isCompleted;
  }, [isCompleted]);
  return shimmers;
}
