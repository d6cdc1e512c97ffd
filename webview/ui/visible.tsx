/** Text from outside, as text whatever it holds: controls and bidi characters are drawn as their codes. */
import { visibleParts } from '../../src/shared/visibleText';

/** `keep` holds characters that may act, as "\n" does where lines are drawn as lines. */
export function Visible({ text, keep = '' }: { text: string; keep?: string }) {
  return <>{visibleParts(text, keep).map((part, i) => (part.isMark ? <span key={i} class="mark">{part.text}</span> : part.text))}</>;
}
