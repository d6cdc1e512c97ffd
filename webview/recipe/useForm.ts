/** The form's values: shown as they are typed, sent to the document a moment later, and the document's own again once it has them. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { problemsOf } from '../../src/shared/calls';
import type { FormField, JsonObject, RecipeMethods, RecipeState } from '../../src/shared/panels/recipe';
import type { Problem } from '../../src/shared/problem';
import type { Call } from '../ui/host';

/** Typing that pauses for so long is one step of undo. */
const PAUSE_MS = 200;

export interface Change {
  key: string;
  /** Undefined removes the key: its default counts. */
  value?: unknown;
}

export interface Form {
  valueOf(key: string): unknown;
  /** The file says something else than the default. */
  isChanged(field: FormField): boolean;
  problemsOf(key: string): Problem[];
  /** Of all keys: what the schema and the checks found, and what the host would not do. */
  problems: Problem[];
  /** Sent when typing pauses. */
  set(key: string, value: unknown): void;
  /** Sent at once, as one step of undo. */
  apply(changes: readonly Change[]): void;
  /** Everything typed is in the document, or was refused. */
  settled(): Promise<void>;
}

interface Draft {
  value: unknown;
  isSent: boolean;
  /** The version of the document that has the value, once that is known. */
  version?: number;
}

export function useForm(state: RecipeState, call: Call<RecipeMethods>): Form {
  const [, redraw] = useState(0);
  const [refused, setRefused] = useState<Problem[]>([]);
  const drafts = useRef(new Map<string, Draft>()).current;
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined);
  const sending = useRef<Promise<void>>(Promise.resolve());
  const defaults = useMemo(() => new Map(state.fields.map(field => [field.key, field.default])), [state.fields]);
  useEffect(() => () => clearTimeout(pause.current), []);

  // A draft lasts until the document that is shown has it; one typed meanwhile is another.
  for (const [key, { version }] of drafts) if (version !== undefined && version <= state.version) drafts.delete(key);

  const draft = (key: string, value: unknown): void => {
    drafts.set(key, { value, isSent: false });
    redraw(count => count + 1);
  };
  const send = (): void => {
    clearTimeout(pause.current);
    const sent = [...drafts].filter(([, { isSent }]) => !isSent);
    if (sent.length === 0) return;
    for (const [, one] of sent) one.isSent = true;
    const done = (version: number): void => {
      for (const [, one] of sent) one.version = version;
      redraw(count => count + 1);
    };
    const changes = sent.map(([key, { value }]) => (value === undefined ? { key } : { key, value: value as never }));
    sending.current = call('edit', { changes }).then(version => { setRefused([]); done(version); }, (error: unknown) => { setRefused(problemsOf(error)); done(state.version); });
  };
  const valueOf = (key: string): unknown => {
    const typed = drafts.get(key);
    if (typed) return typed.value === undefined ? defaults.get(key) : typed.value;
    const path = key.split('.');
    const written = valueAt(state.written, path);
    if (written !== undefined) return written;
    return valueAt(state.effective, path) ?? defaults.get(key);
  };
  const problems = unique([...refused, ...state.problems, ...(state.assessment?.problems ?? [])]);
  return {
    valueOf,
    isChanged: ({ key, default: normal, isRequired }) => {
      const typed = drafts.get(key);
      const value = typed ? typed.value : valueAt(state.written, key.split('.'));
      return !isRequired && value !== undefined && JSON.stringify(value) !== JSON.stringify(normal ?? null);
    },
    problemsOf: key => problems.filter(({ where }) => where?.field === key || where?.field?.startsWith(`${key}.`)),
    problems,
    set: (key, value) => {
      draft(key, value);
      clearTimeout(pause.current);
      pause.current = setTimeout(send, PAUSE_MS);
    },
    apply: changes => {
      for (const { key, value } of changes) draft(key, value);
      send();
    },
    settled: () => {
      send();
      return sending.current;
    },
  };
}

function valueAt(object: JsonObject | null, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key) ? (inner as JsonObject)[key] : undefined), object);
}

/** The schema and the checks may say the same. */
function unique(problems: readonly Problem[]): Problem[] {
  return problems.filter((problem, i) => problems.findIndex(one => isSame(one, problem)) === i);
}

export function isSame(a: Problem, b: Problem): boolean {
  return a.id === b.id && a.text === b.text;
}
