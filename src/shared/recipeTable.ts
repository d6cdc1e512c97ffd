/** A recipe's keys as views show them. */
export interface RecipeTableRow {
  /** Dotted: "dataset.source.file_path". */
  key: string;
  title: string;
  unit?: string;
  /** As text; null where there is none. */
  default: string | null;
  /** Of each recipe, as text; null where it lacks the key. */
  values: (string | null)[];
}
