/** What went wrong last, until the next request is made. */
import { useState } from 'preact/hooks';
import { isAbort, problemsOf } from '../../src/shared/calls';
import type { Problem } from '../../src/shared/problem';

/** The Problems, and a function that takes over a request's failure. */
export function useFailure(): [Problem[] | undefined, (request: Promise<unknown>) => void] {
  const [failure, setFailure] = useState<Problem[]>();
  return [failure, request => {
    setFailure(undefined);
    request.catch((error: unknown) => { if (!isAbort(error)) setFailure(problemsOf(error)); });
  }];
}
