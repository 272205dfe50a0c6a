/** The table of a study, as it stands: results are read from the record, figures made of them, and what is odd is said. */
import type { StudyArm, StudyInfo, StudyRow, StudyTable } from '../../preload/contract/studies.js';
import type { Database } from '../store/database.js';
import { findRun } from '../store/runs.js';
import { readQuestionResults, readRunResult, type QuestionResult } from '../store/study-results.js';
import type { StudyRow as Study } from '../store/studies.js';
import { columnsOf } from './columns.js';
import { familyOf } from './families.js';
import { figuresOf, type ArmRun } from './figures.js';

export function studyTable(db: Database, study: Study, info: StudyInfo): StudyTable {
  const family = familyOf(study.family);
  const runs = info.arms.flatMap(({ arm, seed, run }): ArmRun[] =>
    run === null ? [] : [{ arm, seed, result: readRunResult(db, findRun(db, run).number) }],
  );
  const columns = columnsOf(
    family.columns,
    runs.map(({ result }) => result),
    study.recipe.evaluation.benchmark,
  );
  const known = new Map<string, QuestionResult[]>();
  const figures = figuresOf({
    rows: family.design(study.recipe).rows,
    columns,
    runs,
    questions: (run, of) => {
      const key = `${run} ${of.iteration} ${of.benchmark}`;
      let found = known.get(key);
      if (!found) known.set(key, (found = readQuestionResults(db, run, of)));
      return found;
    },
  });
  return {
    study: info,
    equal: family.equal,
    intervals: INTERVALS,
    ...figures,
    notes: notesOf(info, runs, figures.rows),
  };
}

const INTERVALS =
  'Mean over seeds; in brackets the 95 % interval of Student’s t over seeds, which one seed does not have. Differences are taken seed by seed: the first interval is Student’s t over the differences, the second a bootstrap that draws seeds and questions (2,000 resamples).';

function notesOf({ arms, seeds }: StudyInfo, runs: readonly ArmRun[], rows: readonly StudyRow[]): string[] {
  const named = (list: readonly StudyArm[]): string => list.map((a) => `${a.title} (seed ${a.seed})`).join(', ');
  const by = (state: StudyArm['state']): StudyArm[] => arms.filter((arm) => arm.state === state);
  const unfinished = arms.filter(({ state }) => state !== 'finished' && state !== 'failed' && state !== 'blocked');
  const taught = arms.filter(({ zeroData }) => !zeroData);
  const alarmed = arms.filter(({ alarms }) => alarms > 0);
  const undecided = runs
    .flatMap(({ result }) => result.iterations.flatMap(({ evaluations }) => evaluations))
    .reduce((sum, e) => sum + (e.undecided ? e.undecided.greedy + e.undecided.sampled : 0), 0);
  const backends = [...new Set(runs.flatMap(({ result }) => result.backend ?? []))];
  return [
    ...(unfinished.length > 0 ? [`Not finished, and shown as far as they are: ${named(unfinished)}.`] : []),
    ...by('failed').map((a) => `Failed: ${named([a])}: ${a.error ?? 'no reason is known.'}`),
    ...by('blocked').map((a) => `Could not be run, for the arm it begins from failed: ${named([a])}.`),
    ...(taught.length > 0 ? [`Not zero-data, for they learnt from given data or reviews: ${named(taught)}.`] : []),
    ...(alarmed.length > 0
      ? [`Guards raised alarms (and only warned): ${alarmed.map((a) => `${named([a])} ${a.alarms}`).join(', ')}.`]
      : []),
    ...(seeds.length === 1
      ? ['One seed only: there is no interval over seeds, and the bootstrap draws questions alone.']
      : []),
    ...(seeds.length > 1 && rows.some(({ iteration }) => iteration === 0)
      ? ['Greedy answers of the base model are the same for every seed, so its pass@1 has no interval over seeds.']
      : []),
    ...(undecided > 0
      ? [`${undecided} answers could not be decided and count as neither right nor wrong; each run tells which.`]
      : []),
    ...(backends.length > 1 ? [`Computed on different backends: ${backends.join('; ')}.`] : []),
  ];
}
