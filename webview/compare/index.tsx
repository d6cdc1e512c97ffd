/** Compare: several runs as colours in the same charts, and what their recipes do not share. */
import { applyIncrement } from '../../src/shared/applyIncrement';
import type { CompareChange, CompareContract, CompareState } from '../../src/shared/panels/compare';
import { startView } from '../ui/startView';
import { CompareView } from './compareView';

startView<CompareContract, CompareState, CompareChange>({
  Root: CompareView,
  apply: (state, { jobId, run }) => ({ ...state, runs: state.runs.map(known => known.job.job_id === jobId ? applyIncrement(known, run) : known) }),
});
