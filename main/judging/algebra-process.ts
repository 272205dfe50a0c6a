/**
 * One process that does algebra: started with the first question, killed where a pair takes longer than the deadline or the
 * process more memory than it may, replaced for the next. What it still owed is asked again; the pair it was at is undecided.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../lib/errors.js';
import { packageRoot } from '../lib/package-root.js';
import { processUse } from '../lib/process-use.js';
import type { Compared } from '../grading/equality.js';
import type { AlgebraMessage } from './messages.js';

export interface AlgebraLimits {
  /** A pair may take so long, in milliseconds. */
  readonly deadlineMs: number;
  /** Resident memory of the process, in bytes. */
  readonly memoryBytes: number;
}

export const DEFAULT_LIMITS: AlgebraLimits = { deadlineMs: 1000, memoryBytes: 512 * 2 ** 20 };

/** A fresh process every so many pairs: what a library remembers does not add up. */
const PAIRS_PER_PROCESS = 20_000;
/** Sent ahead of the answers, so that neither side waits for the other. */
const AHEAD = 32;
const MEMORY_WATCH_MS = 50;
/** To load the library; on a machine that is busy with something else it takes seconds. */
const START_MS = 120_000;

interface Asked {
  readonly id: number;
  readonly gold: string;
  readonly pred: string;
  readonly resolve: (compared: Compared) => void;
  readonly reject: (error: LabError) => void;
}

export class AlgebraProcess {
  private child: ChildProcess | null = null;
  private ready = false;
  private answered = 0;
  private readonly sent: Asked[] = [];
  private readonly waiting: Asked[] = [];
  private timer: NodeJS.Timeout | null = null;
  private watch: NodeJS.Timeout | null = null;
  private next = 0;
  private closed = false;

  /** @param file the built program; default is the one of this package */
  constructor(
    private readonly limits: AlgebraLimits,
    private readonly file: string = join(packageRoot(), 'out', 'main', 'algebra.js'),
  ) {}

  ask(gold: string, pred: string): Promise<Compared> {
    if (this.closed) return Promise.reject(new LabError('busy', 'The grader is closed.'));
    if (!existsSync(this.file)) return Promise.reject(notBuilt(this.file));
    return new Promise((resolve, reject) => {
      this.waiting.push({ id: this.next++, gold, pred, resolve, reject });
      this.feed();
    });
  }

  close(): Promise<void> {
    this.closed = true;
    const { child } = this;
    const left = [...this.sent, ...this.waiting];
    this.stop();
    this.waiting.length = 0;
    for (const { reject } of left) reject(new LabError('busy', 'The grader is closed.'));
    if (!child || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    // Now somebody waits: a process with nothing else to do would end here, with what follows undone.
    child.ref();
    return new Promise((resolve) => child.once('exit', () => resolve()));
  }

  private feed(): void {
    if (this.waiting.length === 0) return this.rest();
    if (this.answered >= PAIRS_PER_PROCESS && this.sent.length === 0) this.stop();
    const child = (this.child ??= this.start());
    child.ref();
    child.channel?.ref();
    if (!this.ready || this.answered >= PAIRS_PER_PROCESS) return;
    while (this.sent.length < AHEAD && this.waiting.length > 0) {
      const asked = this.waiting.shift() as Asked;
      this.sent.push(asked);
      child.send({ id: asked.id, gold: asked.gold, pred: asked.pred }, () => undefined);
      if (this.sent.length === 1) this.time();
    }
  }

  /** An idle process keeps nobody alive. */
  private rest(): void {
    if (this.sent.length > 0 || !this.child) return;
    this.child.unref();
    this.child.channel?.unref();
  }

  private start(): ChildProcess {
    const megabytes = Math.ceil(this.limits.memoryBytes / 2 ** 20);
    const child = fork(this.file, [], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [`--max-old-space-size=${megabytes}`],
    });
    [this.ready, this.answered] = [false, 0];
    child.on('message', (message: AlgebraMessage) => {
      if (child === this.child) this.receive(message);
    });
    child.on('error', () => undefined);
    child.on('exit', (code, signal) => {
      if (child === this.child) this.lost(signal ? `signal ${signal}` : `exit code ${code ?? 'unknown'}`);
    });
    this.timer = setTimeout(() => this.failed('It did not start within two minutes.'), START_MS);
    this.watch = setInterval(() => void this.weigh(child), MEMORY_WATCH_MS);
    this.watch.unref();
    return child;
  }

  private receive(message: AlgebraMessage): void {
    if (message.kind === 'ready') {
      this.ready = true;
      if (this.timer) clearTimeout(this.timer);
    } else {
      const asked = this.sent.shift();
      this.answered += 1;
      this.time();
      asked?.resolve({ verdict: message.verdict, reason: message.reason });
    }
    this.feed();
  }

  /** The deadline of the pair that is worked on now. */
  private time(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.sent.length === 0) return;
    const { deadlineMs } = this.limits;
    this.timer = setTimeout(() => this.giveUp(`took longer than the deadline of ${deadlineMs} ms`), deadlineMs);
  }

  private async weigh(child: ChildProcess): Promise<void> {
    if (child.pid === undefined || this.sent.length === 0) return;
    const { memory } = await processUse(child.pid);
    if (memory === null || memory <= this.limits.memoryBytes || child !== this.child) return;
    this.giveUp(`took more than the ${Math.round(this.limits.memoryBytes / 2 ** 20)} MiB of memory that are allowed`);
  }

  /** The first pair that was sent is the one worked on; the rest is asked again. */
  private giveUp(reason: string): void {
    const [culprit, ...rest] = this.sent;
    this.stop();
    this.waiting.unshift(...rest);
    culprit?.resolve({ verdict: 'undecided', reason });
    this.feed();
  }

  private lost(how: string): void {
    if (!this.ready) return this.failed(`It ended with ${how} before it was ready.`);
    if (this.sent.length > 0) return this.giveUp(`ended the process that was at it (${how})`);
    this.stop();
    this.feed();
  }

  private failed(why: string): void {
    const left = [...this.sent, ...this.waiting];
    this.stop();
    this.waiting.length = 0;
    const error = new LabError('engine', `The process for the grader's algebra cannot be used. ${why}`, {
      remedy: 'Run "npm run build", and see that there is memory left.',
    });
    for (const { reject } of left) reject(error);
  }

  private stop(): void {
    if (this.timer) clearTimeout(this.timer);
    if (this.watch) clearInterval(this.watch);
    [this.timer, this.watch] = [null, null];
    this.sent.length = 0;
    const { child } = this;
    this.child = null;
    this.ready = false;
    if (child && child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  }
}

function notBuilt(file: string): LabError {
  return new LabError('engine', `The grader's algebra is not built: ${file} is missing.`, {
    remedy: 'Run "npm run build".',
  });
}
