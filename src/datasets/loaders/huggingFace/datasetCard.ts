/** What a dataset's card says of its files: the YAML between "---" at the head of README.md. */
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { problemError } from '../../../shared/problem';

export interface CardConfig {
  name: string;
  isDefault: boolean;
  /** Folder that patterns count from; '' is the top. */
  dataDir: string;
  /** Split → patterns; undefined leaves it to the files' names. */
  dataFiles: Map<string, string[]> | undefined;
}

const FRONT_MATTER = /^\ufeff?---\r?\n([\s\S]*?)\r?\n?---[ \t]*(?:\r?\n|$)/;

const patterns = z.union([z.string().transform(path => [path]), z.array(z.string())]);
const splitSchema = z.object({ split: z.coerce.string().regex(/^\w+(?:\.\w+)*$/, 'a split is named by letters, digits, "_" and "."'), path: patterns });
const configSchema = z.object({
  config_name: z.union([z.string(), z.number(), z.boolean()]).transform(String),
  data_files: z.union([patterns.transform(paths => [{ split: 'train', path: paths }]), z.array(splitSchema)]).nullish(),
  data_dir: z.string().nullish(),
  default: z.boolean().nullish(),
});
const cardSchema = z.object({ configs: z.array(configSchema).nullish() });

/** Empty where the card describes none. Problems: dataset/bad-card with the line, where its YAML or its "configs" are not sound. `file` is where it lies. */
export function readCardConfigs(text: string, file: string): CardConfig[] {
  const yaml = FRONT_MATTER.exec(text)?.[1];
  const { success, data, error } = cardSchema.safeParse(yaml === undefined ? {} : parseYaml(yaml, file) ?? {});
  if (!success) {
    const [issue] = error.issues;
    throw badCard(`"${issue!.path.join('.')}" is not as it must be (${issue!.message})`, { file }, error);
  }
  return (data.configs ?? []).map(config => ({
    name: config.config_name, isDefault: config.default ?? false, dataDir: folder(config.data_dir ?? ''),
    dataFiles: config.data_files ? new Map(config.data_files.map(({ split, path }) => [split, path])) : undefined,
  }));
}

/** "./data/" and "data" are one folder. */
export function folder(path: string): string {
  return path.split('/').filter(part => part !== '' && part !== '.').join('/');
}

function parseYaml(yaml: string, file: string): unknown {
  try {
    return parse(yaml) as unknown;
  } catch (error) {
    // An anchor that is missing, or named without end, is an error of another kind, without a place.
    const [at] = error instanceof YAMLParseError ? error.linePos ?? [] : [], [message] = String(error instanceof Error ? error.message : error).split('\n');
    // The first line of the file is the "---" above the YAML.
    throw badCard(`its YAML is broken: ${message!.replace(/ at line \d+, column \d+:?$/, '')}`, { file, ...(at && { line: at.line + 1, column: at.col }) }, error);
  }
}

function badCard(what: string, where: { file: string; line?: number; column?: number }, cause: unknown): Error {
  return problemError('dataset/bad-card', `The dataset's card cannot be read: ${what}.`, { where, fix: { text: 'Tell its author, name another revision, or name the files in data_files.' } }, cause);
}
