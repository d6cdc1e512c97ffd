/** The recipe wizard: what it shows, and what it asks for. */
import { z } from 'zod';
import { method } from '../calls';
import type { Problem } from '../problem';
import type { RecipeAssessment } from '../recipeAssessment';
import { UPLOAD_PART_BYTES } from '../uploadPart';

/** What a form needs to know of one recipe key; made of the schema by src/recipe. */
export interface FormField {
  /** Dotted: "dataset.source.file_path". */
  key: string;
  title: string;
  help: string;
  group: string;
  unit?: string;
  /** "integer", "number", "boolean", "text", "choice", "list", "map", "object" or "any". */
  kind: string;
  default?: unknown;
  isRequired: boolean;
  isNullable: boolean;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  choices?: readonly string[];
  /** "run", "quality" or "cost": fields that have it are shown first. */
  regret?: string;
  usedWhen?: { key: string; isOneOf: readonly unknown[] };
  hint?: string;
}

/** What a method starts well with, and why. */
export interface FormPreset {
  mode: string;
  title: string;
  /** The paper of the method, as an arXiv number. */
  arxiv?: string;
  lines: readonly { key: string; value: unknown; why: string }[];
}

export type JsonObject = Record<string, unknown>;

/** What the file says now. */
export interface RecipeDocument {
  /** Of the text document; grows with each change. */
  version: number;
  /** The keys that the file holds; null where it is no JSON object. */
  written: JsonObject | null;
  /** Every key with its value, defaults filled in; null while a key is refused. */
  effective: JsonObject | null;
  /** Of the schema and of keys that do not go together. */
  problems: Problem[];
}

export interface RecipeState extends RecipeDocument {
  /** The file's name. */
  title: string;
  fields: readonly FormField[];
  presets: readonly FormPreset[];
  /** Nothing is read or trained in a workspace that is not trusted. */
  isTrusted: boolean;
  /** Undefined until something is known. */
  assessment?: RecipeAssessment;
  isAssessing: boolean;
}

export type RecipeIncrement =
  | { document: RecipeDocument }
  | { assessment?: RecipeAssessment; isAssessing: boolean };

/** A model that base_model can name. */
export interface ModelChoice {
  /** As base_model takes it. */
  id: string;
  label: string;
  kind: 'apprentice' | 'folder' | 'gguf' | 'cached';
  sizeBytes?: number;
}

/** A model of the hub, as its search lists it. */
export interface HubModel {
  id: string;
  downloads: number;
  likes: number;
  /** Access has to be asked for at the hub. */
  isGated: boolean;
}

/** The first rows of the recipe's dataset. */
export interface DatasetLook {
  /** What the file or the hub calls it. */
  name: string;
  format: string;
  rows?: { value: number; isExact: boolean };
  /** What the rows look like, in words, and how sure that is, 0–1. */
  shape: { title: string; confidence: number };
  /** The method that these rows fit. */
  method: string;
  columns: { name: string; role: string | null }[];
  /** Texts of the first rows, in the order of the columns. */
  cells: string[][];
  problems: Problem[];
}

export type CastResult = { jobId: string } | { problems: Problem[] };

/** Characters of a search. */
const QUERY_LIMIT = 200;
const CHANGES_LIMIT = 200;

export const recipeMethods = {
  /** Changes the text, in one step of undo. A change without value removes its key. Gives the version of the document that has it. */
  edit: method<number>()(z.object({ changes: z.array(z.object({ key: z.string().min(1).max(QUERY_LIMIT), value: z.json().optional() })).min(1).max(CHANGES_LIMIT) })),
  /** The text editor beside, at a key where one is given. */
  showText: method<null>()(z.object({ key: z.string().max(QUERY_LIMIT).optional() })),
  /** Into the text editor, at the line. */
  openFile: method<null>()(z.object({ file: z.string(), line: z.number().int().min(1).optional() })),
  localModels: method<ModelChoice[]>()(z.object({})),
  searchModels: method<HubModel[]>()(z.object({ query: z.string().max(QUERY_LIMIT) })),
  /** Asks for a folder or a GGUF file; null where the user turned back. */
  browseModel: method<string | null>()(z.object({ kind: z.enum(['folder', 'gguf']) })),
  /** Dataset files of the workspace, as the recipe would name them. */
  localDatasets: method<string[]>()(z.object({})),
  browseDataset: method<string | null>()(z.object({})),
  /** A file that was dropped, by its URI; null where it is none that can be read. */
  droppedDataset: method<string | null>()(z.object({ uri: z.string().max(10_000) })),
  /** A dropped file that names no place, in order; the id of the upload with the last part. */
  uploadPart: method<string | null>()(z.object({
    key: z.string().min(1).max(100), name: z.string().min(1).max(1000), bytes: z.string().max(Math.ceil(UPLOAD_PART_BYTES / 3) * 4), isLast: z.boolean(),
  })),
  look: method<DatasetLook | null>()(z.object({})),
  previewDataset: method<null>()(z.object({})),
  cast: method<CastResult>()(z.object({})),
  manageTrust: method<null>()(z.object({})),
};

export type RecipeMethods = typeof recipeMethods;
