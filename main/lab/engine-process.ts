/** A process that trains, as the lab sees it. How one is made is the shell's matter: `fork` in Node, `utilityProcess` in Electron. */
import type { EngineCommand } from '../../preload/contract/runs.js';
import type { TaskCommand, TaskWord } from '../../preload/contract/tasks.js';

export interface EngineExit {
  /** For people: "exit code 1", "signal SIGKILL". */
  readonly how: string;
  /** The last lines the process wrote to its standard error. */
  readonly lastWords: string;
}

export interface EngineProcess {
  /** Known once it has started; undefined where the system gives none. */
  readonly pid?: number | undefined;
  send(command: EngineCommand | TaskCommand | TaskWord): void;
  /** Called with whatever arrives; the lab validates it. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, also where the process could not be started. */
  onExit(listener: (exit: EngineExit) => void): void;
  /** Ends the process at once. */
  kill(): void;
}

export interface EngineLauncher {
  launch(): EngineProcess;
}

/** Keeps the end of a stream of text, for the message about a crash. */
export class Tail {
  private text = '';

  constructor(private readonly limit = 4000) {}

  add(chunk: Buffer | string): void {
    this.text = (this.text + chunk.toString()).slice(-this.limit);
  }

  /** The last lines that say something. TensorFlow's informational log lines ("2026-… I tensorflow/…") are left out. */
  toString(): string {
    const lines = this.text
      .split('\n')
      .filter((line) => line.trim() !== '' && !/^\d{4}-\d\d-\d\d .*: [IW] /.test(line));
    return lines.slice(-3).join(' ').trim();
  }
}
