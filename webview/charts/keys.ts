/** A chart by keyboard: arrows move the cursor, Shift moves the range, + and - zoom, Escape shows all. */
import type { ChartControls } from './controls';
import { nearestIndex } from './curve';
import { panned, zoomed } from './navigate';

/** An arrow never moves the cursor by less than this share of what is in sight. */
const ARROW_SHARE = 0.005;

interface Key {
  key: string;
  shiftKey: boolean;
  preventDefault(): void;
}

/** `xs` are the points that the cursor goes along. */
export function handleKey(event: Key, { range, cursor, whole }: ChartControls, xs: Float64Array | undefined): void {
  const seen = range.get() ?? whole;
  const at = cursor.get() ?? seen.max;
  const move = (direction: 1 | -1): void => {
    if (event.shiftKey) return range.set(panned(whole, seen, 0.1 * direction));
    if (!xs || xs.length === 0) return;
    const wanted = at + direction * ARROW_SHARE * (seen.max - seen.min);
    const [here, there] = [nearestIndex(xs, at), nearestIndex(xs, wanted)];
    const next = xs[there === here ? Math.min(xs.length - 1, Math.max(0, here + direction)) : there]!;
    cursor.set(Math.min(seen.max, Math.max(seen.min, next)));
  };
  switch (event.key) {
    case 'ArrowLeft': move(-1); break;
    case 'ArrowRight': move(1); break;
    case 'PageUp': range.set(panned(whole, seen, 0.8)); break;
    case 'PageDown': range.set(panned(whole, seen, -0.8)); break;
    case 'Home': cursor.set(seen.min); break;
    case 'End': cursor.set(seen.max); break;
    case '+': case '=': range.set(zoomed(whole, seen, at, 0.8)); break;
    case '-': range.set(zoomed(whole, seen, at, 1.25)); break;
    case 'Escape':
      range.set(null);
      cursor.set(null);
      break;
    default: return;
  }
  event.preventDefault();
}
