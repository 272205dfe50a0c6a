/** Eight iterations of one run, to see where the gain ends: a plateau, or a fall. */
import { upTo, type StudyFamily } from '../study.js';

const T = 8;

export const iterations: StudyFamily = {
  name: 'iterations',
  title: 'Many iterations',
  asks: `Over ${T} iterations, does R-Zero go on improving, come to a plateau, or collapse?`,
  equal: 'One arm, the recipe with more iterations; each is compared with the base model and with the one before.',
  columns: ['benchmarks', 'labels', 'cost'],
  design: () => ({
    arms: [{ name: 'long', title: `R-Zero, ${T} iterations`, what: `${T} iterations`, set: [`iterations=${T}`] }],
    rows: [0, ...upTo(T)].map((t) => ({
      key: `iteration-${t}`,
      title: t === 0 ? 'Base model' : `iteration ${t}`,
      arm: 'long',
      iteration: t,
      against: t === 0 ? [] : t === 1 ? ['iteration-0'] : ['iteration-0', `iteration-${t - 1}`],
    })),
  }),
};
