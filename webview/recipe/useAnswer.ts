/** What a request answers, asked again when its key changes; the earlier request is broken off. */
import { useEffect, useState } from 'preact/hooks';
import { isAbort, problemsOf } from '../../src/shared/calls';
import type { Problem } from '../../src/shared/problem';

export interface Answer<T> {
  /** Of the last request that ended well. */
  value?: T;
  problems: Problem[];
  isWaiting: boolean;
}

/** `key` undefined asks nothing. `pauseMs` waits for typing to pause. */
export function useAnswer<T>(key: string | undefined, ask: (signal: AbortSignal) => Promise<T>, pauseMs = 0): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T>>({ problems: [], isWaiting: key !== undefined });
  useEffect(() => {
    if (key === undefined) return setAnswer({ problems: [], isWaiting: false });
    const controller = new AbortController();
    setAnswer(before => ({ ...before, problems: [], isWaiting: true }));
    const timer = setTimeout(() => {
      ask(controller.signal).then(
        value => setAnswer({ value, problems: [], isWaiting: false }),
        (error: unknown) => { if (!isAbort(error)) setAnswer({ problems: problemsOf(error), isWaiting: false }); },
      );
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [key]);
  return answer;
}
