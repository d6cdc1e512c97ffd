/** Reference fixtures by kind. One place to add: a runner and a line here. */
import fs from 'node:fs';
import path from 'node:path';
import { columnsParity, formatterParity } from '../../datasets';
import { ggufBlockParity } from '../../models/decode';
import type { BlockFixture } from '../../models/decode';
import { chatTemplateParity } from '../../models/chatTemplateParity';
import { tokenizerParity } from '../../models/tokenizerParity';
import { vramParity } from '../../preflight/memory';
import { shareCodeParity } from '../../recipe';
import type { ParityCase } from '../../shared/parity';
import { ggufParity } from './ggufParity';
import { modelParity } from './modelParity';
import type { ParityContext, ParityKind } from './parityKind';
import { runParity } from './runParity';
import { numericsParity } from './numerics';

/** A kind whose fixture is one JSON file of that name. */
function jsonKind(id: string, run: (fixture: unknown, context: ParityContext, file: string) => ParityCase[] | Promise<ParityCase[]>): ParityKind {
  return {
    id,
    matches: file => path.basename(file) === `${path.basename(id)}.json`,
    run: (file, context) => run(JSON.parse(fs.readFileSync(file, 'utf8')), context, file),
  };
}

const models: ParityKind = {
  id: 'training/models',
  matches: file => path.basename(file) === 'reference.safetensors',
  run: async (file, { device }) => [await modelParity(path.dirname(file), device)],
};

/** The model that a run names lies in models/, beside runs/. */
const runs: ParityKind = {
  id: 'training/runs',
  matches: file => path.basename(file) === 'case.json',
  run: async (file, { device }) => {
    const folder = path.dirname(file);
    const modelsFolder = path.resolve(folder, '..', '..', 'models');
    if (!fs.existsSync(modelsFolder)) return [{ name: `runs/${path.basename(folder)}`, ok: true, skipped: `there is no folder ${modelsFolder} with its model` }];
    return [await runParity(folder, modelsFolder, device)];
  },
};

const ggufFiles: ParityKind = {
  id: 'training/gguf',
  matches: file => file.endsWith('.gguf') && fs.existsSync(file.replace(/\.gguf$/, '.safetensors')),
  run: async (file, { device }) => [await ggufParity(file, device)],
};

export const PARITY_KINDS: readonly ParityKind[] = [
  jsonKind('text/tokenizers', (fixture, { tokenizersDir, packageRoots, dataDirs }, file) => tokenizerParity(fixture, {
    fixtureDir: path.dirname(file), packageRoots: [...packageRoots], dataDirs: [...dataDirs], ...(tokenizersDir !== undefined && { tokenizersDir }),
  })),
  jsonKind('text/templates', chatTemplateParity),
  jsonKind('text/formatters', formatterParity),
  jsonKind('text/columns', columnsParity),
  jsonKind('text/sharecode', shareCodeParity),
  jsonKind('text/vram', vramParity),
  jsonKind('training/numerics', numericsParity),
  jsonKind('training/gguf/blocks', fixture => ggufBlockParity(fixture as BlockFixture).map(({ name, ok, skipped, detail }) =>
    ({ name, ok, ...(detail !== undefined && (skipped === true ? { skipped: detail } : { detail })) }))),
  ggufFiles,
  models,
  runs,
];

/** Fixtures that are known but not run, with the reason; named, so that a run over everything says what it left out. None today. */
export const KNOWN_WITHOUT_RUNNER: Readonly<Record<string, string>> = {};
