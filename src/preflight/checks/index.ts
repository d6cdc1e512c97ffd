/** Every check, in the order shown. One place to add: a check is its file and a line here. */
import type { PreflightCheck } from '../check';
import { adapter } from './adapter';
import { dataset } from './dataset';
import { dependencies } from './dependencies';
import { device } from './device';
import { disk } from './disk';
import { learning } from './learning';
import { lengths } from './lengths';
import { memory } from './memory';
import { model } from './model';
import { output } from './output';
import { steps } from './steps';
import { tokens } from './tokens';

export const CHECKS: readonly PreflightCheck[] = [model, dataset, device, dependencies, memory, disk, adapter, learning, lengths, steps, output, tokens];
