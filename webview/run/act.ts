/** What buttons of the run view do. */
import type { ParamsOf } from '../../src/shared/calls';
import type { RunContract } from '../../src/shared/panels/run';

/** Asks the host; what goes wrong is shown at the top of the view. */
export type Act = <Name extends keyof RunContract>(name: Name, params: ParamsOf<RunContract[Name]>) => void;
