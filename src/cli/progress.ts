/** How a run looks in a terminal: one line that redraws itself, or a plain line an update. */
import type { MetricsEvent, RunEvent } from '../shared/events';
import { formatDuration } from '../shared/format';
import { renderProblem } from '../shared/problem';
import { recentMean } from '../shared/recentMean';
import type { Terminal } from './command';

/** What the line shows. */
export interface ProgressState {
  readonly step: number;
  readonly totalSteps: number;
  readonly loss: number | undefined;
  readonly tokensPerSecond: number | undefined;
  /** Of all that is left, seconds; undefined until there is something to tell it from. */
  readonly secondsLeft: number | undefined;
  /** What happens besides, e.g. "evaluating". */
  readonly note: string;
}

const BAR_WIDTH = 24;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** `███████▌                 12/40  loss 1.2345  850 tokens/s  3 min 10 s left`, cut to `columns`. */
export function renderProgress({ step, totalSteps, loss, tokensPerSecond, secondsLeft, note }: ProgressState, columns: number): string {
  const parts = [
    `${bar(totalSteps === 0 ? 0 : step / totalSteps)} ${step}/${totalSteps}`,
    loss === undefined ? '' : `loss ${loss.toFixed(4)}`,
    tokensPerSecond === undefined ? '' : `${renderCount(tokensPerSecond)} tokens/s`,
    secondsLeft === undefined ? '' : `${formatDuration(secondsLeft)} left`,
    note,
  ];
  return [...parts.filter(part => part !== '').join('  ')].slice(0, columns - 1).join('');
}

function bar(fraction: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH * 8);
  const full = Math.floor(eighths / 8);
  return `${'█'.repeat(full)}${EIGHTHS[eighths % 8]!}`.padEnd(BAR_WIDTH);
}

/** "850", "12.3k". */
export function renderCount(count: number): string {
  return count < 10_000 ? String(Math.round(count)) : `${(count / 1000).toFixed(1)}k`;
}

const CLEAR_LINE = '\r\x1b[2K';

/** Shows a run's events as they come. */
export class ProgressReporter {
  private totalSteps = 0;
  private secondsPerStep: number | undefined;
  private last: MetricsEvent | undefined;
  private note = '';

  constructor(private readonly terminal: Terminal) {}

  handle(event: RunEvent): void {
    switch (event.type) {
      case 'started':
        this.totalSteps = event.total_steps;
        this.line(`${event.model.id}: ${event.dataset.rows} rows, ${event.total_steps} steps` +
          `${event.resumed_from_step > 0 ? ` (going on after step ${event.resumed_from_step})` : ''}, ${event.device}, ${event.threads} threads`);
        break;
      case 'metrics':
        this.takeMetrics(event);
        break;
      case 'status_update':
        this.note = event.status === 'training' ? '' : event.message ?? event.status;
        break;
      case 'eval':
        this.line(`step ${event.step}: eval loss ${event.eval_loss.toFixed(4)}`);
        break;
      case 'problem':
        this.line(`${event.problem.severity}: ${renderProblem(event.problem)}`);
        break;
      case 'log':
        this.line(event.text);
        break;
      case 'completed':
        this.line(`Done: ${event.output_dir}`);
        break;
      case 'stopped':
        this.line(`Stopped after step ${event.step}${event.checkpoint === undefined ? '.' : `; checkpoint ${event.checkpoint}. Go on with --resume.`}`);
        break;
      case 'sample':
        for (const { prompt, text } of event.samples) this.line(`  > ${prompt}\n    ${text}`);
        break;
      case 'checkpoint':
        this.note = '';
        break;
      case 'error': // printed by the command, with all problems
        break;
    }
    this.draw();
  }

  /** Leaves the terminal on a fresh line. */
  end(): void {
    if (this.terminal.isInteractive) this.terminal.error(CLEAR_LINE);
  }

  private takeMetrics(event: MetricsEvent): void {
    this.secondsPerStep = recentMean(this.secondsPerStep, event.step_seconds);
    this.last = event;
    this.note = '';
    if (this.terminal.isInteractive) return;
    this.terminal.out(`step ${event.step}/${this.totalSteps}  loss ${event.loss.toFixed(4)}  ${renderCount(event.tokens_per_second)} tokens/s  ` +
      `${formatDuration(this.secondsLeft() ?? 0)} left\n`);
  }

  private secondsLeft(): number | undefined {
    return this.last && this.secondsPerStep !== undefined ? this.secondsPerStep * (this.totalSteps - this.last.step) : undefined;
  }

  private line(text: string): void {
    if (this.terminal.isInteractive) this.terminal.error(CLEAR_LINE);
    this.terminal.out(`${text}\n`);
  }

  private draw(): void {
    if (!this.terminal.isInteractive) return;
    const state: ProgressState = {
      step: this.last?.step ?? 0,
      totalSteps: this.totalSteps,
      loss: this.last?.loss,
      tokensPerSecond: this.last?.tokens_per_second,
      secondsLeft: this.secondsLeft(),
      note: this.note,
    };
    this.terminal.error(CLEAR_LINE + (this.totalSteps === 0 ? this.note.slice(0, this.terminal.columns - 1) : renderProgress(state, this.terminal.columns)));
  }
}
