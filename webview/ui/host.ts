/** The page's end of the talk with the extension host. */
import { Caller, type CallOptions, type Contract, type ParamsOf, type ProgressOf, type ReplyOf } from '../../src/shared/calls';
import type { FromView, ToView, ViewBoot } from '../../src/shared/panels/envelope';

interface VsCodeApi {
  postMessage(message: FromView): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

export type Call<C extends Contract> = <Name extends keyof C & string>(
  name: Name, params: ParamsOf<C[Name]>, options?: CallOptions<ProgressOf<C[Name]>>,
) => Promise<ReplyOf<C[Name]>>;

export interface Listener<State, Increment> {
  snapshot(state: State): void;
  increment(increment: Increment): void;
}

const vscode = acquireVsCodeApi();

/** What the host wrote into the page. */
export const boot = JSON.parse(document.getElementById('merlina-boot')?.textContent ?? '{}') as ViewBoot;

/** Listens, and says that the view is ready. Once a page. */
export function connect<C extends Contract, State, Increment>(listener: Listener<State, Increment>): Call<C> {
  const caller = new Caller<C>(message => vscode.postMessage(message));
  window.addEventListener('message', ({ data }: MessageEvent<ToView<State, Increment>>) => {
    if (caller.receive(data)) return;
    if (data.type === 'snapshot') listener.snapshot(data.state);
    else if (data.type === 'increment') listener.increment(data.increment);
  });
  const crashed = (error: unknown): void =>
    vscode.postMessage({ type: 'crashed', text: error instanceof Error ? error.stack ?? error.message : String(error) });
  window.addEventListener('error', event => crashed(event.error ?? event.message));
  window.addEventListener('unhandledrejection', event => crashed(event.reason));
  vscode.postMessage({ type: 'ready' });
  return (name, params, options) => caller.call(name, params, options);
}

/** What the page remembers over hiding and reloading, besides its subject. `isRight` looks at what an older version may have left. */
export function savedState<Saved>(isRight: (value: unknown) => value is Saved): Saved | undefined {
  const state = vscode.getState();
  const saved = typeof state === 'object' && state !== null && 'saved' in state ? state.saved : undefined;
  return isRight(saved) ? saved : undefined;
}

/** VS Code hands the subject to the serialiser after a reload, so it is always kept. */
export function saveState(saved?: unknown): void {
  vscode.setState({ subject: boot.subject, saved });
}
