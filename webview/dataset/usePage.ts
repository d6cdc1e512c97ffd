/** Rows on demand: asked for as they come into view, and not asked twice. */
import { useEffect, useState } from 'preact/hooks';
import { isAbort, problemsOf } from '../../src/shared/calls';
import type { PreviewPage, PreviewView } from '../../src/shared/datasetPreview';
import type { DatasetMethods } from '../../src/shared/panels/dataset';
import type { Problem } from '../../src/shared/problem';
import type { Call } from '../ui/host';

/** A wheel that turns fast passes many pages; only where it rests is asked for. */
const REST_MS = 60;

export interface PageState {
  /** The newest that came; of another place or setting until the asked one is here. */
  page: PreviewPage | undefined;
  problems: Problem[];
  isLoading: boolean;
}

/** `settingsKey` changes when the same rows would look different. */
export function usePage(call: Call<DatasetMethods>, view: PreviewView, offset: number, count: number, settingsKey: string): PageState {
  const [state, setState] = useState<PageState>({ page: undefined, problems: [], isLoading: true });
  useEffect(() => {
    const controller = new AbortController();
    setState(old => ({ ...old, isLoading: true }));
    const timer = setTimeout(() => {
      call('page', { view, offset, count }, { signal: controller.signal }).then(
        page => setState({ page, problems: page.problems, isLoading: false }),
        (error: unknown) => { if (!isAbort(error)) setState({ page: undefined, problems: problemsOf(error), isLoading: false }); },
      );
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [view, offset, count, settingsKey]);
  return state;
}
