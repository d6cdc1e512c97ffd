/** Python environments with their packages, as far as the trl backend needs them. Looks; installs and changes nothing. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

export interface PythonFacts {
  readonly executable: string;
  /** "3.11.7" */
  readonly version: string;
  /** Of the packages below that are installed. */
  readonly packages: Readonly<Record<string, string>>;
  /** That torch is built for; absent where it computes on the processor only. */
  readonly cuda?: string;
  /** What a package needs, by its own metadata, and does not find: "accelerate>=1.4". */
  readonly conflicts?: readonly { readonly name: string; readonly needs: string; readonly found: string | null }[];
}

/** What the trl backend imports, and what makes it faster or smaller. */
export const NEEDED_PACKAGES = ['torch', 'transformers', 'trl', 'peft', 'accelerate', 'datasets'] as const;
export const OPTIONAL_PACKAGES = ['bitsandbytes', 'flash-attn', 'liger-kernel', 'torchvision', 'wandb'] as const;

const TIMEOUT_MS = 5000;
const run = promisify(execFile);

/** Reads metadata, and the file that says what torch was built for, so that nothing slow is imported. */
const SCRIPT = `
import json, sys
from importlib import metadata
found = {}
for name in sys.argv[1:]:
    try: found[name] = metadata.version(name)
    except metadata.PackageNotFoundError: pass
facts = {"version": "%d.%d.%d" % sys.version_info[:3], "packages": found}
try:
    import re
    text = metadata.distribution("torch").locate_file("torch/version.py").read_text()
    built = re.search(r"^cuda\\b[^=]*=\\s*'([0-9.]+)'", text, re.M)
    if built: facts["cuda"] = built.group(1)
except Exception: pass
conflicts = []
try:
    from packaging.requirements import Requirement
    for name in found:
        for text in metadata.requires(name) or []:
            needed = Requirement(text)
            if needed.marker and not needed.marker.evaluate({"extra": ""}): continue
            try: version = metadata.version(needed.name)
            except metadata.PackageNotFoundError: version = None
            if version is None or not needed.specifier.contains(version, prereleases=True):
                conflicts.append({"name": name, "needs": needed.name + str(needed.specifier), "found": version})
except ImportError: pass
if conflicts: facts["conflicts"] = conflicts
print(json.dumps(facts))
`;

/** Names to try, the chosen one first: MERLINA_PYTHON, the active environment, the usual names. */
export function pythonCandidates(environment: NodeJS.ProcessEnv = process.env): string[] {
  const inFolder = (folder: string | undefined): string[] => folder ? [process.platform === 'win32' ? path.join(folder, 'Scripts', 'python.exe') : path.join(folder, 'bin', 'python')].filter(file => existsSync(file)) : [];
  const chosen = environment.MERLINA_PYTHON;
  return [...new Set([...(chosen ? [chosen] : []), ...inFolder(environment.VIRTUAL_ENV), ...inFolder(environment.CONDA_PREFIX), 'python3', 'python'])];
}

/** The first candidate that has torch, else the first that runs; undefined where none does. */
export async function findPython(environment: NodeJS.ProcessEnv = process.env): Promise<PythonFacts | undefined> {
  const found = await allPythons(environment);
  return found.find(({ packages }) => packages.torch !== undefined) ?? found[0];
}

export async function allPythons(environment: NodeJS.ProcessEnv = process.env): Promise<PythonFacts[]> {
  const found = await Promise.all(pythonCandidates(environment).map(describe));
  return found.filter(facts => facts !== undefined);
}

async function describe(executable: string): Promise<PythonFacts | undefined> {
  try {
    const { stdout } = await run(executable, ['-c', SCRIPT, ...NEEDED_PACKAGES, ...OPTIONAL_PACKAGES], { timeout: TIMEOUT_MS });
    return { executable, ...JSON.parse(stdout) as Omit<PythonFacts, 'executable'> };
  } catch {
    // Not there, or no Python that answers: the next candidate may.
    return undefined;
  }
}
