/** The name of the result, and whether something lies there already. */
import type { Problem } from '../../shared/problem';
import { problem } from '../check';
import type { PreflightCheck } from '../check';

/** Source: Merlina src/preflight_checks.py. */
const LONGEST_NAME = 100;
const SHORTEST_NAME = 3;

export const output: PreflightCheck = {
  id: 'output',
  title: 'Name',
  check({ output_name: name }, { runExists }) {
    const problems: Problem[] = [];
    if (runExists) problems.push(problem('error', 'run-exists', 'output_name', `There is a run named "${name}" already.`, `Go on with it by --resume, or choose another name, such as "${name}-2".`, `${name}-2`));
    if (name.length > LONGEST_NAME) problems.push(problem('warning', 'name-long', 'output_name', `The name has ${name.length} characters, more than ${LONGEST_NAME}.`, 'Choose a shorter one.', name.slice(0, 40)));
    if (name.length < SHORTEST_NAME) problems.push(problem('warning', 'name-short', 'output_name', `"${name}" says little about the result.`, `Choose a name of at least ${SHORTEST_NAME} characters.`, `${name}-adapter`));
    return { problems, details: name };
  },
};
