/** Problems of recipes in VS Code's Problems panel, each at its key, with the fix that a click applies. Gone with the next edit: they were of the text before. */
import { CodeAction, CodeActionKind, Diagnostic, DiagnosticSeverity, languages, Position, Range, workspace, WorkspaceEdit, type DiagnosticCollection, type Disposable, type TextDocument } from 'vscode';
import type { Fix, Problem, Severity } from '../shared/problem';
import { RECIPE_SUFFIX } from './recipeFiles';

const SOURCE = 'Merlina';
const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, info: DiagnosticSeverity.Information };

interface Found extends Diagnostic {
  fix?: Fix;
}

export class Findings {
  private readonly subscriptions: Disposable[] = [];
  private collection: DiagnosticCollection | undefined;

  async show(document: TextDocument, problems: readonly Problem[]): Promise<void> {
    const { placeOfKey } = await import('../recipe');
    const text = document.getText();
    this.open().set(document.uri, problems.map((problem): Found => {
      const { field, line, column } = problem.where ?? {};
      const place = line !== undefined ? { line, column: typeof column === 'number' ? column : 1 } : field === undefined ? undefined : placeOfKey(text, field);
      const start = place ? new Position(place.line - 1, place.column - 1) : new Position(0, 0);
      const range = document.getWordRangeAtPosition(start, /"[^"]*"/) ?? new Range(start, start);
      const found: Found = new Diagnostic(range, [problem.text, problem.fix?.text].filter(Boolean).join(' '), SEVERITIES[problem.severity]);
      found.source = SOURCE;
      found.code = problem.id;
      if (problem.fix) found.fix = problem.fix;
      return found;
    }));
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** With the first findings, so that a window without any pays nothing. */
  private open(): DiagnosticCollection {
    if (this.collection) return this.collection;
    const made = (this.collection = languages.createDiagnosticCollection('merlina'));
    this.subscriptions.push(
      made,
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => { if (contentChanges.length > 0) made.delete(document.uri); }),
      languages.registerCodeActionsProvider({ pattern: `**/*${RECIPE_SUFFIX}` }, {
        // What VS Code hands over are copies: the fixes are with the originals.
        provideCodeActions: (document, range) => Promise.all((made.get(document.uri) ?? [])
          .filter((found: Found) => found.fix?.set !== undefined && found.range.intersection(range) !== undefined)
          .map(found => fixAction(document, found as Found & { fix: Required<Fix> }))),
      }, { providedCodeActionKinds: [CodeActionKind.QuickFix] }),
    );
    return made;
  }
}

async function fixAction(document: TextDocument, found: Found & { fix: Required<Fix> }): Promise<CodeAction> {
  const { editRecipeText, textChange } = await import('../recipe');
  const text = document.getText();
  const change = textChange(text, editRecipeText(text, [found.fix.set]));
  const action = new CodeAction(found.fix.text, CodeActionKind.QuickFix);
  action.diagnostics = [found];
  action.isPreferred = true;
  action.edit = new WorkspaceEdit();
  if (change) action.edit.replace(document.uri, new Range(document.positionAt(change.offset), document.positionAt(change.offset + change.length)), change.content);
  return action;
}
