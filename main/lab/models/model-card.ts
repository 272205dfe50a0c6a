/** The card of a model that is written out: what it is, what it came from, how it did. */
import type { Evaluation } from '../../../preload/contract/events.js';
import { iterationName } from '../../../preload/contract/run-state.js';
import type { ModelRef } from '../../../preload/contract/models.js';
import type { SavedAs } from '../../../preload/contract/tasks.js';
import { packageVersion } from '../../lib/version.js';
import { readSummaries } from '../../store/metrics.js';
import { findRun } from '../../store/runs.js';
import type { Lab } from '../lab.js';

const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;

/** Of an adapter that learnt beside weights rounded to bfloat16. */
const ROUNDED_BASE = [
  '',
  'It learnt beside weights rounded to bfloat16. Load the base so, `dtype=torch.bfloat16`, and compute in float32, `.float()`,',
  'for the same logits; on a base in float32 they differ by the rounding.',
];

function scoreRow(iteration: string, { benchmark, greedy, mean, k, undecided }: Evaluation): string {
  const open = undecided && undecided.greedy > 0 ? `, ${undecided.greedy} undecided` : '';
  const sampled = mean ? `${percent(mean.value)} (k = ${k})` : '–';
  return `| ${iteration} | ${benchmark} | ${percent(greedy.value)} (n = ${greedy.n}${open}) | ${sampled} |`;
}

export function modelCard(
  lab: Lab,
  { model, name, as }: { readonly model: ModelRef | null; readonly name: string; readonly as: SavedAs },
): string {
  const head = [
    '---',
    `library_name: ${as === 'adapter' ? 'peft' : 'transformers'}`,
    'pipeline_tag: text-generation',
    '---',
    '',
    `# ${name}`,
    '',
  ];
  const about = model?.kind === 'run' ? runLines(lab, model, as) : [`A copy of a model, its weights in ${as}.`];
  return [...head, ...about, '', `Written by R-Zero Lab ${packageVersion()}.`, ''].join('\n');
}

function runLines(lab: Lab, model: Extract<ModelRef, { kind: 'run' }>, as: SavedAs): string[] {
  return lab.write((db) => {
    const run = findRun(db, model.run);
    const scores = readSummaries(db, run.number).flatMap(({ iteration, evaluation, others = [] }) =>
      [...(evaluation ? [evaluation] : []), ...others].map((of) => scoreRow(iterationName(iteration), of)),
    );
    const which = model.checkpoint === 'best' ? 'best' : 'newest';
    return [
      `The ${model.role === 'solver' ? 'Solver' : 'Challenger'} of the run ${run.id}, its ${which} checkpoint.`,
      '',
      `Began with ${run.recipe.model}; recipe ${run.recipe.name}, seed ${run.seed}. Challenger and Solver taught each other`,
      'with questions and pseudo-labels of their own (R-Zero, arXiv 2508.05004).',
      ...(as === 'adapter' && run.recipe.lora?.base_dtype === 'bfloat16' ? ROUNDED_BASE : []),
      ...(scores.length === 0
        ? []
        : ['', '| iteration | benchmark | greedy accuracy | mean@k |', '| --- | --- | --- | --- |', ...scores]),
    ];
  });
}
