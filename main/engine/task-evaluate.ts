/** The task that measures a model on benchmarks, and writes down every answer where that is asked for. */
import type { TaskInput } from '../../preload/contract/tasks.js';
import type { Asked, MeasuredBenchmark } from '../../preload/contract/measured.js';
import { countAnswers } from '../benchmarks/answer-counts.js';
import { type Benchmark, loadBenchmark } from '../benchmarks/benchmark.js';
import { evaluate } from '../benchmarks/evaluate.js';
import { taskOf } from '../benchmarks/task.js';
import { decideByAlgebra } from '../benchmarks/verdicts.js';
import { loadRecipe } from '../coevolution/recipe.js';
import { openCompute } from '../compute/open.js';
import { AnswerFile } from '../exports/answer-file.js';
import { Judge, RECORDED_DEADLINE_MS } from '../judging/judge.js';
import { LabError } from '../lib/errors.js';
import { RandomKey } from '../lib/random.js';
import { LocalPolicy } from './local-policy.js';
import { machineryOf } from './role-machinery.js';
import { evaluationWarnings } from './evaluation-warnings.js';
import { openModel } from './open-model.js';
import { readabilityOf } from './readability.js';
import type { TaskHandlers } from './serve.js';
import { askedBy } from './asked-by.js';

export const evaluateTask: TaskHandlers['evaluate'] = async (input, { signal, onProgress }) => {
  const benchmarks = await loadAll(input.benchmarks);
  const out = input.out === null ? null : new AnswerFile(input.out);
  const judge = new Judge({ deadlineMs: RECORDED_DEADLINE_MS });
  try {
    const compute = await openCompute(input.backend);
    const opened = await openModel(input);
    const { model, zeroData, place } = opened;
    const named = typeof input.recipe === 'string' ? loadRecipe(input.recipe) : input.recipe;
    const { recipe, domain, chosen } = askedBy(opened, named, input.model);
    const sampling = {
      ...recipe.evaluation.sampling,
      max_new_tokens: input.maxNewTokens ?? recipe.evaluation.sampling.max_new_tokens,
    };
    const how: Asked = {
      ...{ recipe: recipe.name, chosen, domain: domain.name },
      ...{ maxNewTokens: sampling.max_new_tokens, temperature: sampling.temperature },
      positions: model.config.maxPositions,
    };
    const { machinery, first } = machineryOf(compute, model, { lora: null, notice: () => undefined });
    const policy = new LocalPolicy('solver', machinery, first);
    const start = performance.now();
    const asked = benchmarks.map((benchmark) => ({
      benchmark,
      samples: input.samples ?? benchmark.samples ?? recipe.evaluation.samples,
    }));
    const total = asked.reduce((sum, { benchmark, samples }) => sum + benchmark.questions.length * (1 + samples), 0);
    const evaluations: MeasuredBenchmark[] = [];
    let before = 0;
    for (const { benchmark, samples } of asked) {
      const task = taskOf(benchmark, domain);
      const { evaluation, rows } = await evaluate({
        ...{ policy, benchmark, samples, signal, task, sampling },
        key: RandomKey.of(input.seed, 'evaluation'),
        decide: decideByAlgebra(judge),
        onProgress: ({ finished }) => onProgress(before + finished, total),
      });
      before += benchmark.questions.length * (1 + samples);
      const seen = { ...readabilityOf(benchmark, task, model), answers: countAnswers(rows) };
      const warnings = evaluationWarnings({ benchmark: benchmark.name, ...seen }, how);
      evaluations.push({ ...evaluation, ...seen, warnings });
      out?.write(benchmark.name, rows);
    }
    out?.close();
    const seconds = (performance.now() - start) / 1000;
    const [evaluation] = evaluations;
    if (!evaluation) throw new LabError('usage', 'No benchmark was named.');
    const backend = compute.description;
    return { evaluation, evaluations, asked: how, model: place ?? input.model, seconds, backend, zeroData };
  } catch (error) {
    out?.discard();
    throw error;
  } finally {
    await judge.close();
  }
};

/** Results go by a benchmark's name: two of one name would be taken for one. */
async function loadAll(names: TaskInput<'evaluate'>['benchmarks']): Promise<Benchmark[]> {
  const benchmarks: Benchmark[] = [];
  for (const named of names) {
    const benchmark = await loadBenchmark(named);
    if (benchmarks.some(({ name }) => name === benchmark.name)) {
      throw new LabError('usage', `The benchmark "${benchmark.name}" was named twice.`, {
        remedy: 'Name each benchmark once, and rename files of the same name.',
      });
    }
    benchmarks.push(benchmark);
  }
  return benchmarks;
}
