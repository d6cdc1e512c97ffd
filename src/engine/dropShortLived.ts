/** Frees what was made since a moment ago and nothing holds any more: results of a step lie in the allocator's holes until they are collected,
 *  where the next step's values then do not fit. The engine alone knows when that pays, so it asks; a collection of what is young takes a millisecond or two. */
import v8 from 'node:v8';
import vm from 'node:vm';

let collect: ((options: { type: 'minor' }) => void) | undefined;

export function dropShortLived(): void {
  if (!collect) {
    v8.setFlagsFromString('--expose-gc');
    collect = vm.runInNewContext('gc') as typeof collect;
  }
  collect!({ type: 'minor' });
}
