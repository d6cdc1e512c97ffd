/** A host over jobs of its own, for what works with jobs: a real manager in a temporary folder, no trainer. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EventEmitter, extensions, Uri, type SecretStorage } from 'vscode';
import { JobManager } from '../../src/jobs';
import type { Host } from '../../src/vscode/host';

export interface JobsHost {
  host: Host;
  manager: JobManager;
  /** Kept tokens, by name. */
  secrets: Map<string, string>;
  /** globalState. */
  state: Map<string, unknown>;
  /** Requests to the service; answered with what `answers` has under their name. */
  calls: { name: string; params: unknown }[];
  answers: Record<string, (params: never, options: { onProgress?: (progress: never) => void; signal?: AbortSignal }) => unknown>;
  /** Lets a job have run: its events as a trainer writes them. */
  run(jobId: string, events: readonly object[]): Promise<void>;
  changed: EventEmitter<string[]>;
  close(): Promise<void>;
}

export async function openJobsHost(): Promise<JobsHost> {
  const folder = await mkdtemp(path.join(tmpdir(), 'merlina-jobs-'));
  const extensionUri = extensions.getExtension('schneewolf-labs.merlina')!.extensionUri;
  const manager = await JobManager.open(folder, { wasmFile: Uri.joinPath(extensionUri, 'dist/sql-wasm.wasm').fsPath });
  const changed = new EventEmitter<string[]>();
  manager.onChanged(ids => changed.fire([...ids]));
  const secrets = new Map<string, string>();
  const storage: Pick<SecretStorage, 'get' | 'store' | 'delete'> = {
    get: async key => secrets.get(key), store: async (key, value) => void secrets.set(key, value), delete: async key => void secrets.delete(key),
  };
  const state = new Map<string, unknown>();
  const globalState = { get: (key: string) => state.get(key), update: async (key: string, value: unknown) => void state.set(key, value) };
  const calls: JobsHost['calls'] = [];
  const answers: JobsHost['answers'] = {};
  const host = {
    context: { subscriptions: [], extensionUri, globalStorageUri: Uri.file(folder), secrets: storage, globalState },
    log: { error: () => {}, info: () => {}, show: () => {} },
    jobs: { manager: async () => manager, managerIfAny: async () => manager, poke: async () => { manager.refresh(); }, onDidChange: changed.event },
    service: { call: async (name: string, params: never, options = {}) => { calls.push({ name, params }); return answers[name]!(params, options); } },
  };
  return {
    host: host as unknown as Host, manager, secrets, state, calls, answers, changed,
    async run(jobId, events) {
      const jobFolder = manager.folderOf(jobId);
      await manager.change(jobId, job => ({ ...job, state: 'running', attempt: 1 }));
      await writeFile(jobFolder.events, events.map(event => `${JSON.stringify({ time: '2026-11-24T10:00:00.000Z', ...event })}\n`).join(''));
      manager.refresh();
    },
    async close() {
      await manager.close();
      changed.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function recipe(name: string): Record<string, unknown> {
  return { output_name: name, base_model: 'owner/tiny', training_mode: 'orpo' };
}

export const STARTED = { type: 'started', total_steps: 400, resumed_from_step: 0, device: 'cpu', threads: 2 };
export const STEP_120 = { type: 'metrics', step: 120, epoch: 0.3, loss: 1.8312, learning_rate: 1e-4, grad_norm: 1, tokens_per_second: 500, step_seconds: 0.8 };
export const STOPPED = { type: 'stopped', step: 120 };

export function makeCheckpoint(manager: JobManager, jobId: string, step: number): string {
  const folder = path.join(manager.folderOf(jobId).checkpoints, `step-${step}`);
  mkdirSync(folder, { recursive: true });
  return folder;
}
