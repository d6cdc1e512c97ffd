/** What every view and the host say to one another besides requests. A view says `ready`, gets one snapshot, then increments; hidden, it gets nothing,
 *  and a snapshot again when it is seen again. */
import type { AnswerMessage, CallMessage } from '../calls';

export type ToView<State, Increment> =
  | { type: 'snapshot'; state: State }
  | { type: 'increment'; increment: Increment }
  | AnswerMessage;

export type FromView =
  | { type: 'ready' }
  /** A bug in the view, for the log. */
  | { type: 'crashed'; text: string }
  | CallMessage;

/** What the page carries for its view, as JSON in `#merlina-boot`. */
export interface ViewBoot {
  /** Which file, run or model the view is of, for its serialised state. */
  subject: unknown;
  /** Translations of the running language: English text → text. */
  strings: Record<string, string>;
  /** BCP 47, of VS Code's own language. */
  language: string;
  /** The setting merlina.theme: whether the wizard's words and sparks are wanted. */
  isMagical: boolean;
}
