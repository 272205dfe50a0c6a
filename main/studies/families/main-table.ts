/**
 * The paper's Table 1 in shape: the base model, the Base Challenger (an untrained Challenger writes the questions, all else
 * equal), and R-Zero after each iteration. The evidence for a trained Challenger is R-Zero against the Base Challenger
 * after the same iteration: both Solvers then learnt for as many steps from as many questions.
 */
import { BASE_CHALLENGER, FULL, upTo, type RowDesign, type StudyFamily } from '../study.js';

export const mainTable: StudyFamily = {
  name: 'main-table',
  title: 'Main table',
  asks: 'Does R-Zero improve on its base model, iteration by iteration, and is it the trained Challenger that does it?',
  equal:
    'Both arms begin with the same model and have equal numbers of iterations, questions N, votes m and Solver steps; the Base Challenger only lacks the steps that train the Challenger, so it takes less time.',
  columns: ['benchmarks', 'cost'],
  design: ({ iterations }) => {
    const base: RowDesign = { key: 'base', title: 'Base model', arm: FULL.name, iteration: 0, against: [] };
    const baseline = upTo(iterations).map((t): RowDesign => ({
      key: `base-challenger-${t}`,
      title: `Base Challenger, iteration ${t}`,
      arm: BASE_CHALLENGER.name,
      iteration: t,
      against: ['base'],
    }));
    const full = upTo(iterations).map((t): RowDesign => ({
      key: `iteration-${t}`,
      title: `R-Zero, iteration ${t}`,
      arm: FULL.name,
      iteration: t,
      against: ['base', `base-challenger-${t}`],
    }));
    return { arms: [FULL, BASE_CHALLENGER], rows: [base, ...baseline, ...full] };
  },
};
