/**
 * Prints, a line each, the chains that a new benchmark must leave out: those of the others that ship, and those in the text
 * the shipped model was pre-trained on. For export_reasoning_gym.py.
 */
import { loadShipped } from '../../main/benchmarks/benchmark.js';
import { corpusOf, SHIPPED_SEED, STEPS } from '../nano/corpus.js';

const OTHERS = ['chains-oneway', 'chains-test', 'chains-tune'];

const textsOf = corpusOf(SHIPPED_SEED);
const taught = Array.from({ length: STEPS }, (_, step) => textsOf(step + 1)).flat();
const questions = [...OTHERS.flatMap((name) => loadShipped(name).questions), ...taught].map(({ question }) => question);
process.stdout.write(`${[...new Set(questions)].join('\n')}\n`);
