/**
 * Errors people can act on. Every failure that a user can meet carries a code (for programs), a message that names
 * the thing and the limit, and a remedy. Translation into an exit code or a dialog happens at the boundary only.
 */
export type ErrorCode =
  | 'usage' // the command line or an API call is wrong
  | 'recipe' // a recipe has an unknown key or a value out of range
  | 'model' // a model folder is missing, damaged or unsupported
  | 'memory' // does not fit
  | 'disk' // full or not writable
  | 'busy' // used by another process
  | 'database' // damaged, locked, or from a newer version
  | 'backend' // a compute backend is unusable
  | 'numeric' // NaN or infinity where a number must be
  | 'engine' // the engine process died
  | 'reviews' // what people said leaves nothing to go on with
  | 'network' // another machine (a hub, a judge's endpoint) cannot be reached, refuses, or answers nonsense
  | 'not-found'
  | 'internal';

export interface LabErrorOptions {
  readonly cause?: unknown;
  /** What the reader can do about it, as one sentence. */
  readonly remedy?: string;
}

export class LabError extends Error {
  override readonly name = 'LabError';
  readonly code: ErrorCode;
  readonly remedy: string | undefined;

  constructor(code: ErrorCode, message: string, options: LabErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = options.remedy;
  }
}

/** What a command was asked for wrongly: its words, a recipe, the name of something that is not there. */
const WRONG_USE: readonly ErrorCode[] = ['usage', 'recipe', 'not-found'];

/** Exit code of a failed command: 2 for wrong use, 1 for everything else. */
export function exitCodeOf(error: unknown): 1 | 2 {
  return error instanceof LabError && WRONG_USE.includes(error.code) ? 2 : 1;
}

/** One message for people: what happened, then what to do. */
export function describeError(error: unknown): string {
  if (error instanceof LabError) return error.remedy ? `${error.message} ${error.remedy}` : error.message;
  return error instanceof Error ? error.message : String(error);
}
