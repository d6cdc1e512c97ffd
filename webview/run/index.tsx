/** The run view: what a run is at, how it goes, what it made. */
import type { RunChange, RunContract, RunState } from '../../src/shared/panels/run';
import { applyIncrement } from '../../src/shared/applyIncrement';
import { startView } from '../ui/startView';
import { RunView } from './runView';

startView<RunContract, RunState, RunChange>({
  Root: RunView,
  apply: (state, { run, isReconnecting = state.isReconnecting }) => ({ ...state, isReconnecting, run: state.run && run ? applyIncrement(state.run, run) : state.run }),
});
