/**
 * Everything a window may read of the record, by name: what a reader in another thread can be asked for. Each takes the
 * validated input of its contract and must not write.
 */
import { appliedReviews } from '../corrections.js';
import type { Database } from '../database.js';
import { oracleOverview, questionVerdicts } from '../oracles/oracle-overview.js';
import { phaseTimes } from '../phase-times.js';
import { auditStatistics, listAudits, passAgreement } from '../review-audits.js';
import { reviewGuidelines } from '../review-guidelines.js';
import { reviewJournal } from '../reviews.js';
import { moreAnswers } from './answer-groups.js';
import { changedQuestions, compareEvaluations } from './comparison.js';
import { curriculumOverview } from './curriculum-overview.js';
import { metricNames, metricSeries } from './metrics-series.js';
import { incidents, noticesOf } from './notable.js';
import { questionDetail, questionText } from './question-detail.js';
import { namedQuestions } from './question-rows.js';
import { questionsPage } from './questions-page.js';
import { reviewQueue } from './review-queue.js';
import { latestRollouts } from './rollouts.js';
import { runModels } from './run-models.js';
import { runsOverview } from './runs-overview.js';
import { similarQuestions } from './similar-questions.js';

export const READS = {
  'questions.page': questionsPage,
  'questions.rows': namedQuestions,
  'questions.similar': similarQuestions,
  'questions.detail': questionDetail,
  'questions.text': questionText,
  'questions.answers': moreAnswers,
  'questions.rollouts': latestRollouts,
  'metrics.names': metricNames,
  'metrics.series': metricSeries,
  'metrics.overview': runsOverview,
  'curriculum.overview': curriculumOverview,
  'evaluations.compare': compareEvaluations,
  'evaluations.changed': changedQuestions,
  'reviews.queue': reviewQueue,
  'reviews.applied': appliedReviews,
  'reviews.journal': reviewJournal,
  'reviews.audits': listAudits,
  'reviews.auditStatistics': auditStatistics,
  'reviews.agreement': passAgreement,
  'reviews.guidelines': reviewGuidelines,
  'oracles.overview': oracleOverview,
  'oracles.verdicts': questionVerdicts,
  'runs.phaseTimes': (db: Database, like: Parameters<typeof phaseTimes>[1]) => phaseTimes(db, like),
  'models.runs': (db: Database, _input: Record<never, never>) => runModels(db),
  'system.incidents': incidents,
  'system.noticesOf': noticesOf,
};
