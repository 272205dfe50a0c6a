/** What passes between the lab and the thread that reads for it. */
import type { ReadName } from './reads.js';
import type { ErrorCode } from '../../lib/errors.js';

export interface Question {
  readonly id: number;
  readonly name: ReadName;
  readonly input: unknown;
}

export type Reply =
  | { readonly id: number; readonly output: unknown }
  | { readonly id: number; readonly code: ErrorCode; readonly message: string; readonly remedy: string | undefined };
