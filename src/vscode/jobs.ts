/** The job history and its supervisor inside VS Code: opened when first asked for, left to go on by themselves when the window closes. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { EventEmitter } from 'vscode';
import type { JobManager, Supervisor } from '../jobs';
import { renderProblem } from '../shared/problem';
import type { NodeProgram } from '../jobs/findNode';
import type { Log } from './log';

export interface JobsOptions {
  /** The data directory: the extension's global storage, one for all windows. */
  folder: string;
  builtFile: (name: string) => string;
  node: () => Promise<NodeProgram>;
  secrets: () => Promise<Record<string, string>>;
  log: Log;
}

interface Opened {
  manager: JobManager;
  supervisor: Supervisor;
}

/** A longer history is read in pieces, so that the editor does not wait. */
const REFRESH_BUDGET_MS = 50;

export class Jobs {
  private opened: Promise<Opened> | undefined;
  private readonly changed = new EventEmitter<string[]>();
  /** Ids of the jobs whose records changed. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly options: JobsOptions) {}

  async manager(): Promise<JobManager> {
    return (await this.open()).manager;
  }

  /** The manager where there is anything to manage: an empty sidebar opens none. */
  async managerIfAny(): Promise<JobManager | undefined> {
    const isAny = this.opened !== undefined || ['runs', 'jobs.db'].some(name => existsSync(path.join(this.options.folder, name)));
    return isAny ? this.manager() : undefined;
  }

  /** Looks at the queue now: after a job was submitted, stopped or resumed. */
  async poke(): Promise<void> {
    await (await this.open()).supervisor.look();
  }

  dispose(): void {
    this.changed.dispose();
    void this.opened?.then(async ({ manager, supervisor }) => {
      await supervisor.close();
      await manager.close();
    }, () => {});
  }

  private open(): Promise<Opened> {
    return (this.opened ??= this.start().catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    }));
  }

  private async start(): Promise<Opened> {
    const { folder, builtFile, log } = this.options;
    const [{ JobManager, Supervisor }, node, secrets] = await Promise.all([import('../jobs'), this.options.node(), this.options.secrets()]);
    const manager = await JobManager.open(folder, {
      wasmFile: builtFile('sql-wasm.wasm'), workerFile: builtFile('databaseWorker.mjs'), refreshBudgetMs: REFRESH_BUDGET_MS,
      onNotice: notice => log.info(renderProblem(notice)),
    });
    manager.onChanged(jobIds => this.changed.fire([...jobIds]));
    const supervisor = new Supervisor(manager, {
      trainer: { file: node.file, args: [builtFile('trainer.mjs')], env: { ...node.env, ...secrets }, isUntested: node.isUntested },
      onError: error => log.error('jobs', error),
    });
    await supervisor.start();
    return { manager, supervisor };
  }
}
