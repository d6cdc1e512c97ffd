/** Runs a program in the integrated terminal, as a task: arguments need no shell's quoting, and the output stays when it ends. */
import { ProcessExecution, Task, TaskPanelKind, TaskRevealKind, tasks, TaskScope, type TaskExecution, type WorkspaceFolder } from 'vscode';
import type { NodeProgram } from './findNode';

export interface TerminalProgram {
  /** What the terminal's tab says. */
  name: string;
  node: NodeProgram;
  args: string[];
  folder: WorkspaceFolder | undefined;
  cwd: string | undefined;
}

export async function runInTerminal({ name, node, args, folder, cwd }: TerminalProgram): Promise<TaskExecution> {
  const execution = new ProcessExecution(node.file, args, { ...(cwd !== undefined && { cwd }), env: node.env });
  const task = new Task({ type: 'merlina', args }, folder ?? TaskScope.Workspace, name, 'Merlina', execution, []);
  task.presentationOptions = { reveal: TaskRevealKind.Always, panel: TaskPanelKind.Dedicated, clear: true };
  return tasks.executeTask(task);
}
