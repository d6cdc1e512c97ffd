/** Garbage collections at moments that the program knows better than the engine that runs it: what is young takes a millisecond or two, all of it more. */
import v8 from 'node:v8';
import vm from 'node:vm';

let collect: ((options: { type: 'minor' | 'major' }) => void) | undefined;

export function collectGarbage(what: 'young' | 'all'): void {
  if (!collect) {
    v8.setFlagsFromString('--expose-gc');
    collect = vm.runInNewContext('gc') as typeof collect;
  }
  collect!({ type: what === 'young' ? 'minor' : 'major' });
}
