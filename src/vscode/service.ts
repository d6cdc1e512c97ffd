/** The host's end of the service (src/service): starts its process when first needed, and again after a crash. */
import { fork, type ChildProcess } from 'node:child_process';
import { Caller, type CallOptions, type ParamsOf, type ProgressOf, type ReplyOf } from '../shared/calls';
import { problemError } from '../shared/problem';
import type { ServiceContract } from '../service/contract';
import type { NodeProgram } from '../jobs/findNode';
import type { Log } from './log';

/** The last words of a process that died, for its Problem. */
const KEPT_STDERR_CHARACTERS = 2000;

interface Running {
  child: ChildProcess;
  caller: Caller<ServiceContract>;
}

export class Service {
  private running: Promise<Running> | undefined;
  private isDisposed = false;

  /** `program` is service.mjs; `node` finds what runs it. `secrets` are variables for the process only: tokens never travel in messages. */
  constructor(
    private readonly program: string,
    private readonly node: () => Promise<NodeProgram>,
    private readonly secrets: () => Promise<Record<string, string>>,
    private readonly log: Log,
  ) {}

  async call<Name extends keyof ServiceContract>(
    name: Name, params: ParamsOf<ServiceContract[Name]>, options?: CallOptions<ProgressOf<ServiceContract[Name]>>,
  ): Promise<ReplyOf<ServiceContract[Name]>> {
    const { caller } = await (this.running ??= this.start());
    return caller.call(name, params, options);
  }

  /** Ends the process; the next call starts another (with new tokens, say). */
  restart(): void {
    const { running } = this;
    this.running = undefined;
    void running?.then(({ child }) => child.kill(), () => {});
  }

  dispose(): void {
    this.isDisposed = true;
    this.restart();
  }

  private async start(): Promise<Running> {
    const [node, secrets] = await Promise.all([this.node(), this.secrets()]);
    if (this.isDisposed) throw new Error('The window is closing.');
    const child = fork(this.program, [], {
      execPath: node.file, execArgv: [], env: { ...process.env, ...node.env, ...secrets }, stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'advanced',
    });
    const caller = new Caller<ServiceContract>(message => child.send(message));
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-KEPT_STDERR_CHARACTERS);
      this.log.error('service', text.trimEnd());
    });
    child.on('message', message => caller.receive(message));
    const gone = (how: string): void => {
      if (this.running === started) this.running = undefined;
      caller.close(problemError('service/ended', `Merlina's helper process ended (${how}).`, {
        fix: { text: 'Try again: it starts anew. Merlina: Doctor looks for the cause.' }, ...(stderr === '' ? {} : { notes: [stderr.trim()] }),
      }));
    };
    child.on('error', error => gone(error.message));
    child.on('exit', (code, signal) => gone(signal ?? `exit code ${String(code)}`));
    const started = this.running;
    return { child, caller };
  }
}
