import { useCallback, useEffect, useState } from 'react';

export type Loaded<T> =
  | { state: 'loading'; value?: T }
  | { state: 'failed'; error: Error }
  | { state: 'ready'; value: T };

/** Loads when mounted and whenever `load` changes or `again` is called; an answer that came too late is dropped. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>): [Loaded<T>, again: () => void] {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'loading' });
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round is the reason to load again
  useEffect(() => {
    const abort = new AbortController();
    setLoaded((before) =>
      'value' in before ? { state: 'loading', value: before.value } : { state: 'loading' },
    );
    load(abort.signal).then(
      (value) => abort.signal.aborted || setLoaded({ state: 'ready', value }),
      (error: Error) => abort.signal.aborted || setLoaded({ state: 'failed', error }),
    );
    return () => abort.abort();
  }, [load, round]);
  return [loaded, useCallback(() => setRound((before) => before + 1), [])];
}
