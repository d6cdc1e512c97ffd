/** What the trl backend needs installed, in versions that work together. */
import type { Problem } from '../../shared/problem';
import { problem } from '../check';
import type { PreflightCheck } from '../check';
import type { Environment } from '../environment';
import { NEEDED_PACKAGES, type PythonFacts } from '../pythonFacts';
import type { Recipe } from '../../recipe';

/** Source: Merlina src/preflight_checks.py. */
const OLDEST_TORCH = '2.5';
/** What TRL 1 runs on. */
const OLDEST_PYTHON = '3.10';

export const dependencies: PreflightCheck = {
  id: 'dependencies',
  title: 'Python packages',
  check(recipe, { backends, python, gpus = [] }) {
    if (recipe.backend !== 'trl' || !backends.includes('trl')) return { problems: [], details: 'none needed' };
    if (!python) {
      return { problems: [problem('error', 'no-python', 'backend', 'The backend "trl" needs a Python, and none was found.', 'Install Python 3.10 or newer and set MERLINA_PYTHON to it, or set backend to "embedded".', 'embedded')], details: 'no Python' };
    }
    const { torch, trl } = python.packages;
    const problems = [...installed(python), ...wished(recipe, python, gpus)];
    return { problems, details: `Python ${python.version}${torch === undefined ? '' : `, torch ${torch}`}${python.cuda === undefined ? '' : ` for CUDA ${python.cuda}`}${trl === undefined ? '' : `, trl ${trl}`}` };
  },
};

/** Whatever the recipe asks for, this must be there. Its fixes are lines for a terminal; instead of them, the embedded backend needs nothing. */
function installed(python: PythonFacts): Problem[] {
  const { executable, version, packages } = python;
  const mend = (id: string, text: string, line: string): Problem => problem('error', id, 'backend', text, `Run: ${line}. Or set backend to "embedded".`, 'embedded');
  const pip = (...names: string[]): string => `${executable} -m pip install ${names.join(' ')}`;
  if (isOlder(version, OLDEST_PYTHON)) return [mend('python-old', `${executable} is Python ${version}; TRL needs ${OLDEST_PYTHON} or newer.`, `python${OLDEST_PYTHON} -m venv .venv`)];
  const missing = NEEDED_PACKAGES.filter(name => packages[name] === undefined);
  if (missing.length > 0) return [mend('python-packages', `${executable} (Python ${version}) lacks ${missing.join(', ')}.`, pip(...missing))];
  if (isOlder(packages.torch!, OLDEST_TORCH)) return [mend('torch-old', `torch ${packages.torch} is older than ${OLDEST_TORCH}.`, pip(`'torch>=${OLDEST_TORCH}'`))];
  return (python.conflicts ?? []).map(({ name, needs, found }) =>
    mend('python-conflict', `${name} ${packages[name] ?? ''} needs ${needs}; ${found === null ? 'it is not installed' : `${found} is installed`}.`, pip(`'${needs}'`)));
}

function wished(recipe: Recipe, { executable, packages, cuda }: PythonFacts, gpus: NonNullable<Environment['gpus']>): Problem[] {
  const problems: Problem[] = [];
  const lacks = (name: string): boolean => packages[name] === undefined;
  const pip = (name: string): string => `Run: ${executable} -m pip install ${name}.`;
  if (packages.torch !== undefined && gpus.length > 0 && cuda === undefined && recipe.device !== 'cpu') {
    problems.push(problem('warning', 'torch-without-cuda', 'device', `torch ${packages.torch} is built without CUDA, so the ${gpus[0]!.name} stays idle.`, 'Install torch with CUDA as pytorch.org says, or set device to "cpu".', 'cpu'));
  }
  if (recipe.use_4bit && recipe.use_lora && lacks('bitsandbytes')) {
    problems.push(problem('warning', 'no-bitsandbytes', 'use_4bit', 'use_4bit needs bitsandbytes, which is not installed.', `${pip('bitsandbytes')} Or set use_4bit to false.`, false));
  }
  if (recipe.use_liger === true && lacks('liger-kernel')) {
    problems.push(problem('error', 'no-liger', 'use_liger', 'use_liger needs liger-kernel, which is not installed.', `${pip('liger-kernel')} Or set use_liger to false.`, false));
  }
  if (recipe.attn_implementation === 'flash_attention_2' && lacks('flash-attn')) {
    problems.push(problem('error', 'no-flash-attention', 'attn_implementation', 'attn_implementation "flash_attention_2" needs flash-attn, which is not installed.', `${pip('flash-attn --no-build-isolation')} Or set attn_implementation to "auto".`, 'auto'));
  }
  return problems;
}

/** "2.13.0+cpu" is not older than "2.5". */
export function isOlder(version: string, than: string): boolean {
  const [a, b] = [version, than].map(text => text.split(/[.+]/).map(part => Number.parseInt(part, 10)));
  for (const [i, least] of b!.entries()) {
    const part = a![i] ?? 0;
    if (part !== least) return part < least;
  }
  return false;
}
