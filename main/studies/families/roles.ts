/** One model that plays both roles, against two that begin as copies. */
import { FULL, upTo, type ArmDesign, type RowDesign, type StudyFamily } from '../study.js';

const ONE: ArmDesign = {
  name: 'one-model',
  title: 'one model',
  what: 'a single model writes the questions and answers them, and learns in both phases',
  set: ['roles=one'],
};
const TWO: ArmDesign = { ...FULL, title: 'two models' };

export const roles: StudyFamily = {
  name: 'roles',
  title: 'One model or two',
  asks: 'Does it matter whether Challenger and Solver are two models or one that plays both roles?',
  equal:
    'Both arms begin with the same model and have equal numbers of iterations, questions N, votes m and steps of either role; one model holds half the weights.',
  columns: ['benchmarks', 'labels', 'cost'],
  design: ({ iterations }) => ({
    arms: [TWO, ONE],
    rows: [0, ...upTo(iterations)].flatMap((t): RowDesign[] =>
      t === 0
        ? [{ key: 'base', title: 'Base model', arm: TWO.name, iteration: 0, against: [] }]
        : [
            { key: `two-${t}`, title: `two models, iteration ${t}`, arm: TWO.name, iteration: t, against: ['base'] },
            { key: `one-${t}`, title: `one model, iteration ${t}`, arm: ONE.name, iteration: t, against: [`two-${t}`] },
          ],
    ),
  }),
};
