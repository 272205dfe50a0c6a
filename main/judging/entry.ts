/**
 * The process that does algebra. It answers pair by pair and knows no clock: whoever started it kills it where a pair takes too
 * long or too much memory. It ends with its parent.
 */
import { decide } from '../grading/algebra/decide.js';
import { describeError } from '../lib/errors.js';
import type { AlgebraMessage, AlgebraQuestion } from './messages.js';

const send = (message: AlgebraMessage): void => void process.send?.(message);

process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; the parent decides what it means.
process.on('SIGINT', () => undefined);
process.on('message', ({ id, gold, pred }: AlgebraQuestion) => {
  try {
    send({ kind: 'answer', id, ...decide(gold, pred) });
  } catch (error) {
    // A fault in the algebra must not stop the rest, and is no verdict.
    send({ kind: 'answer', id, verdict: 'undecided', reason: `the algebra failed: ${describeError(error)}` });
  }
});

// Loads the library, and shows that it works.
decide('x+x', '2x');
send({ kind: 'ready' });
