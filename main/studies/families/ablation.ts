/** The paper's ablations: what R-Zero loses without each of its three parts, after the last iteration. */
import { BASE_CHALLENGER, FULL, type ArmDesign, type StudyFamily } from '../study.js';

const ARMS: readonly ArmDesign[] = [
  FULL,
  { ...BASE_CHALLENGER, title: 'without Challenger training' },
  {
    name: 'no-repetition-penalty',
    title: 'without repetition penalty',
    what: 'questions that repeat others lose no reward',
    set: ['challenger.reward.repetition_weight=0'],
  },
  {
    name: 'no-difficulty-filter',
    title: 'without difficulty filter',
    what: 'every labelled question is kept, however easy or hard',
    set: ['curriculum.filter=false'],
  },
];

export const ablation: StudyFamily = {
  name: 'ablation',
  title: 'Ablations',
  asks: 'Which part of R-Zero does its gain come from: the trained Challenger, the repetition penalty, the difficulty filter?',
  equal:
    'All arms begin with the same model and have equal numbers of iterations, questions N, votes m and Solver steps.',
  columns: ['benchmarks', 'labels', 'cost'],
  design: ({ iterations }) => ({
    arms: ARMS,
    rows: ARMS.map(({ name, title }) => ({
      key: name,
      title,
      arm: name,
      iteration: iterations,
      against: name === FULL.name ? [] : [FULL.name],
    })),
  }),
};
