/** Device and threads: whether what the recipe asks for is there. */
import { problem } from '../check';
import type { PreflightCheck } from '../check';
import { NEEDED_PACKAGES } from '../pythonFacts';

export const device: PreflightCheck = {
  id: 'device',
  title: 'Device and backend',
  check(recipe, { machine, backends, python }) {
    const problems = [];
    if (!backends.includes(recipe.backend)) {
      problems.push(problem('error', 'no-backend', 'backend', `The backend "${recipe.backend}" is not available in this version. There is: ${backends.join(', ')}.`, 'Set backend to "embedded".', 'embedded'));
    } else if (recipe.backend === 'trl') {
      const missing = NEEDED_PACKAGES.filter(name => python?.packages[name] === undefined);
      if (!python) problems.push(problem('error', 'no-python', 'backend', 'The backend "trl" needs a Python, and none was found.', 'Install one and set MERLINA_PYTHON, or set backend to "embedded".', 'embedded'));
      else if (missing.length > 0) problems.push(problem('error', 'python-packages', 'backend', `${python.executable} (Python ${python.version}) lacks ${missing.join(', ')}.`, `Run: ${python.executable} -m pip install ${missing.join(' ')}. Or set backend to "embedded".`, 'embedded'));
      else if (recipe.use_4bit && python.packages.bitsandbytes === undefined) problems.push(problem('warning', 'no-bitsandbytes', 'use_4bit', 'use_4bit needs bitsandbytes, which is not installed.', 'Install bitsandbytes, or set use_4bit to false.', false));
    }
    if (recipe.backend === 'embedded' && recipe.device !== 'auto' && recipe.device !== 'cpu') {
      problems.push(problem('warning', 'device-not-there', 'device', `The device "${recipe.device}" is not there yet; the run computes on the CPU.`, 'Set device to "auto".', 'auto'));
    }
    if (recipe.threads !== null && recipe.threads > machine.cores) {
      problems.push(problem('warning', 'threads', 'threads', `${recipe.threads} threads on ${machine.cores} processor cores wait for one another.`, `Set threads to at most ${machine.cores}, or to null for all.`, null));
    }
    return { problems, details: `${recipe.backend} backend, ${machine.cores} cores` };
  },
};
