/** Handlers that load the real ones with their first request. */
import type { Contract, Handlers } from '../shared/calls';

export function lazily<C extends Contract>(contract: C, load: () => Promise<Handlers<C>>): Handlers<C> {
  const names = Object.keys(contract) as (keyof C)[];
  return Object.fromEntries(names.map(name => [name, async (params: never, context: never) => (await load())[name](params, context)])) as Handlers<C>;
}
