/** Joins a webview to its handlers: page, messages, snapshots when it becomes visible, and an end. */
import { Disposable, type Uri, type Webview } from 'vscode';
import { Answerer, type Contract, type Handlers } from '../../shared/calls';
import type { FromView, ToView } from '../../shared/panels/envelope';
import type { Log } from '../log';
import { viewPage, webviewRoot, type ViewName } from './viewPage';

/** A WebviewPanel or a WebviewView: what both have. */
export interface ViewFrame {
  readonly webview: Webview;
  readonly visible: boolean;
  onDidDispose(listener: () => void): Disposable;
}

export interface ViewOptions<C extends Contract, State> {
  name: ViewName;
  extension: Uri;
  log: Log;
  /** What the view is of: plain JSON. */
  subject: unknown;
  contract: C;
  handlers: Handlers<C>;
  /** All that the view shows, asked for when it is ready and whenever it is seen again. */
  snapshot: () => State | Promise<State>;
}

export interface View<Increment> extends Disposable {
  /** Says what changed; lost while the view is hidden or not ready, since a snapshot follows. */
  send(increment: Increment): void;
  /** Shows everything anew. */
  refresh(): Promise<void>;
}

/** `onVisibility` of the frame differs by its kind, so the caller tells through `watchVisibility`. */
export function attachView<C extends Contract, State, Increment>(
  frame: ViewFrame, watchVisibility: (changed: () => void) => Disposable, options: ViewOptions<C, State>,
): View<Increment> {
  const { name, extension, log, contract, handlers } = options;
  const { webview } = frame;
  let isReady = false;
  let isDisposed = false;
  /** Snapshots are asked for again and again; only the newest is shown. */
  let asked = 0;

  const post = (message: ToView<State, Increment>): void => {
    if (!isDisposed) void webview.postMessage(message);
  };
  const answerer = new Answerer(contract, handlers, post, error => log.error(`view ${name}`, error));
  const refresh = async (): Promise<void> => {
    if (!isReady || !frame.visible || isDisposed) return;
    const turn = ++asked;
    try {
      const state = await options.snapshot();
      if (turn === asked) post({ type: 'snapshot', state });
    } catch (error) {
      log.error(`view ${name}: snapshot`, error);
    }
  };
  const receive = (message: unknown): void => {
    if (answerer.receive(message)) return;
    const { type } = (typeof message === 'object' && message !== null ? message : {}) as Partial<FromView>;
    if (type === 'ready') {
      isReady = true;
      void refresh();
    } else if (type === 'crashed') {
      log.error(`view ${name}`, String((message as { text?: unknown }).text));
    } else {
      log.error(`view ${name}`, new Error(`A message that nobody knows was refused: ${describe(message)}`));
    }
  };

  webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(extension)] };
  const subscriptions = Disposable.from(
    webview.onDidReceiveMessage(receive),
    watchVisibility(() => {
      // A hidden page is thrown away, and says `ready` when it is made again.
      if (!frame.visible) isReady = false;
      else void refresh();
    }),
    frame.onDidDispose(() => dispose()),
  );
  webview.html = viewPage(webview, extension, name, options.subject);

  function dispose(): void {
    if (isDisposed) return;
    isDisposed = true;
    answerer.close();
    subscriptions.dispose();
  }
  return {
    send: increment => { if (isReady && frame.visible) post({ type: 'increment', increment }); },
    refresh,
    dispose,
  };
}

function describe(message: unknown): string {
  const text = JSON.stringify(message) ?? String(message);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
