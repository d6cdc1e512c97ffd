/** Suites that need what a machine may lack: skipped by name, with the line that brings it. */
import type { Context } from 'mocha';

/** A Python with torch, transformers, peft and trl, from MERLINA_PYTHON; called in `before`, it skips the suite where there is none. */
export function needsPython(context: Context): string {
  const python = process.env.MERLINA_PYTHON;
  if (python) return python;
  return skip(context, 'a Python with TRL', 'pip install torch transformers trl peft, and set MERLINA_PYTHON');
}

function skip(context: Context, what: string, install: string): never {
  const suite = context.test?.parent;
  if (suite) suite.title += ` (needs ${what}: ${install})`;
  return context.skip();
}
