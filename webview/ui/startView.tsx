/** Runs a view: shows its root with what the host says, and something before that. */
import { render, type ComponentType } from 'preact';
import type { Contract } from '../../src/shared/calls';
import { connect, saveState, savedState, type Call } from './host';
import { paced } from './pace';

export interface ViewProps<C extends Contract, State> {
  /** Undefined until the first snapshot: a view paints at once with what is known. */
  state: State | undefined;
  call: Call<C>;
}

export interface ViewParts<C extends Contract, State, Increment> {
  Root: ComponentType<ViewProps<C, State>>;
  /** The state after an increment. */
  apply: (state: State, increment: Increment) => State;
}

export function startView<C extends Contract, State, Increment = never>({ Root, apply }: ViewParts<C, State, Increment>): void {
  const place = document.getElementById('merlina');
  if (!place) throw new Error('The page has no place for the view.');
  let state: State | undefined;
  const show = paced(() => render(<Root state={state} call={call} />, place));
  if (savedState((value): value is unknown => value !== undefined) === undefined) saveState();
  const call = connect<C, State, Increment>({
    snapshot: next => {
      state = next;
      show();
    },
    increment: increment => {
      if (state === undefined) return;
      state = apply(state, increment);
      show();
    },
  });
  render(<Root state={undefined} call={call} />, place);
}
