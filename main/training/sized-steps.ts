/**
 * Training steps at a size that gives way: where memory does not suffice, work is done again in smaller micro-batches,
 * down to the smallest. What does not fit even then is told in numbers.
 */
import { isOutOfMemory, OutOfMemory } from '../compute/out-of-memory.js';
import type { Compute } from '../compute/compute.js';
import { LabError } from '../lib/errors.js';
import { bytesText } from '../lib/bytes-text.js';
import type { ModelConfig } from '../model/config.js';
import type { TrainingSteps } from './steps.js';
import { stepsFor } from './steps-for.js';
import { smaller, stepBytes, type StepWork, type WorkSize } from '../sizes/work-size.js';

export interface SizedStepsOptions {
  readonly compute: Compute;
  readonly config: ModelConfig;
  readonly size: WorkSize;
  readonly work: StepWork;
  /** Bytes that can be taken at the moment. Asked before work of a size that has not been done yet. */
  readonly available: () => number;
  /** Told when work goes on in a smaller size. */
  readonly onSmaller?: ((size: WorkSize, why: string) => void) | undefined;
}

export class SizedSteps {
  private steps: TrainingSteps;
  private current: WorkSize;
  /** Whether a piece of work of this size has been done: the memory it takes is there, or the allocator's. */
  private proven = false;

  constructor(private readonly options: SizedStepsOptions) {
    this.current = options.size;
    this.steps = stepsFor(options.compute, options.config, options.size);
  }

  get size(): WorkSize {
    return this.current;
  }

  /** `work` with the steps of the present size, and again with smaller ones where it fails for want of memory. */
  async run<T>(work: (steps: TrainingSteps) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        this.requireRoom();
        const result = await work(this.steps);
        this.proven = true;
        return result;
      } catch (error) {
        if (!isOutOfMemory(error)) throw error;
        this.giveWay(error as Error);
      }
    }
  }

  private requireRoom(): void {
    const { compute, available } = this.options;
    if (this.proven || !compute.usesHostMemory) return;
    const [needed, free] = [this.needed(), available()];
    if (needed > free) throw new OutOfMemory(`about ${bytesText(needed)} needed, ${bytesText(free)} available`);
  }

  private giveWay(error: Error): void {
    const { compute, config, onSmaller } = this.options;
    const next = smaller(config, this.current);
    if (next === null) {
      const message = `A training step needs about ${bytesText(this.needed())} of memory in its smallest form, and did not get it: ${error.message}.`;
      throw new LabError('memory', message, {
        cause: error,
        remedy: 'Close other programs or use a machine with more memory; adapters (lora) need less than all weights.',
      });
    }
    this.current = next;
    this.steps = stepsFor(compute, config, next);
    this.proven = false;
    onSmaller?.(next, error.message);
  }

  private needed(): number {
    return stepBytes(this.options.config, this.current, this.options.work);
  }
}
