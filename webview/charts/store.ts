/** A value that many charts watch without the page being built anew: the range in sight, the place of the cursor. */
import { useEffect, useState } from 'preact/hooks';

export interface Store<T> {
  get(): T;
  set(value: T): void;
  /** Gives the function that ends it. */
  subscribe(listener: (value: T) => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let current = initial;
  const listeners = new Set<(value: T) => void>();
  return {
    get: () => current,
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of listeners) listener(value);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The value now; the component is built anew with each that follows. */
export function useStore<T>(store: Store<T>): T {
  const [value, setValue] = useState(store.get());
  useEffect(() => {
    setValue(() => store.get());
    return store.subscribe(next => setValue(() => next));
  }, [store]);
  return value;
}

/** As useStore, once nothing has changed for `delayMs`: for what is slow to build. */
export function useSettled<T>(store: Store<T>, delayMs: number): T {
  const [value, setValue] = useState(store.get());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const settle = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => setValue(() => store.get()), delayMs);
    };
    settle();
    const stop = store.subscribe(settle);
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [store, delayMs]);
  return value;
}
