/**
 * Whether R-Zero makes a model a better start for supervised fine-tuning: the same data, steps and seed on the base model
 * and on what R-Zero made of it (the paper's section on mid-training).
 */
import type { Recipe } from '../../../preload/contract/recipe.js';
import { LabError } from '../../lib/errors.js';
import { FULL, type ArmDesign, type StudyDesign, type StudyFamily } from '../study.js';

/**
 * For the shipped model, on the shipped worked examples. A tenth of the rate that learns them best: from 1e-4 on, where
 * fine-tuning began hardly shows in where it ends (measured in docs/studies.md).
 */
const OF_NANO = ['sft.data=chains-sft', 'sft.optimiser.learning_rate=3e-5'];

/** Equally many steps in both arms: neither stops earlier, nor goes back to weights that happened to do well. */
const EQUAL = ['sft.patience=0', 'sft.weights=last', 'sft.measure_before=false'];

export const amplifier: StudyFamily = {
  name: 'amplifier',
  title: 'Amplifier',
  asks: 'Is a model that R-Zero has trained a better start for supervised fine-tuning than the base model?',
  equal:
    'Both fine-tunings learn from the same rows in the same order, for equally many steps, with the same seed and optimiser; one begins with the base model, the other with the final Solver of R-Zero of that seed.',
  columns: ['benchmarks'],
  design,
};

function design(recipe: Recipe): StudyDesign {
  const tuning = ['iterations=0', ...dataOf(recipe), ...EQUAL];
  const zero: ArmDesign = {
    ...FULL,
    name: 'r-zero',
    what: recipe.sft ? 'the recipe without fine-tuning' : FULL.what,
    set: recipe.sft ? ['sft=null'] : [],
  };
  const sft: ArmDesign = { name: 'sft', title: 'SFT', what: 'fine-tuning of the base model', set: tuning };
  const both: ArmDesign = {
    name: 'r-zero-sft',
    title: 'R-Zero, then SFT',
    what: "the same fine-tuning of R-Zero's final Solver",
    set: tuning,
    after: zero.name,
  };
  const final = { iteration: 0, against: ['base'] };
  return {
    arms: [zero, sft, both],
    rows: [
      { key: 'base', title: 'Base model', arm: zero.name, iteration: 0, against: [] },
      { ...final, key: zero.name, title: zero.title, arm: zero.name, iteration: recipe.iterations },
      { ...final, key: sft.name, title: sft.title, arm: sft.name },
      { ...final, key: both.name, title: both.title, arm: both.name, against: ['base', zero.name, sft.name] },
    ],
  };
}

function dataOf({ name, model, domain, iterations, sft }: Recipe): readonly string[] {
  if (iterations === 0) {
    throw new LabError('recipe', `The study amplifier compares with R-Zero, and ${name} has no iterations.`, {
      remedy: 'Set iterations to 1 or more.',
    });
  }
  // It says nothing new, but which data it is belongs to what an arm is.
  if (sft) return [`sft.data=${/^[\w./-]+$/.test(sft.data) ? sft.data : JSON.stringify(sft.data)}`];
  if (model === 'builtin:nano' && domain === 'chains') return OF_NANO;
  throw new LabError('recipe', `The study amplifier needs data to fine-tune on, and ${name} has none.`, {
    remedy: 'Name a file or a shipped set: --data worked.jsonl, or sft.data in the recipe.',
  });
}
