/** The models of the list as choices: one line each, and back from a line to the model. Pure. */
import type { ModelList, ModelRef } from '../../../preload/contract/models.js';
import type { AboutModel } from '../../../preload/contract/model-sources.js';
import { percent } from '../../format.js';
import { bytesText, parametersText } from '../bench/bytes.js';

export interface ModelChoice {
  readonly key: string;
  readonly ref: ModelRef;
  readonly title: string;
  /** What it is a checkpoint of, or where it lies. */
  readonly detail: string;
  readonly score: string | null;
  readonly usable: boolean;
}
export interface ModelGroup {
  readonly title: string;
  readonly choices: readonly ModelChoice[];
}

const ROLES = ['solver', 'challenger'] as const;

export function keyOf(ref: ModelRef): string {
  switch (ref.kind) {
    case 'shipped':
      return `shipped/${ref.name}`;
    case 'folder':
      return `folder/${ref.id}`;
    case 'hub':
      return `hub/${ref.id}`;
    case 'run':
      return `run/${ref.run}/${ref.checkpoint}/${ref.role}`;
  }
}

export function modelGroups(list: ModelList): ModelGroup[] {
  const shipped = list.shipped.map((name): ModelChoice => {
    const ref = { kind: 'shipped', name } as const;
    return { key: keyOf(ref), ref, title: name, detail: 'ships with the program', score: null, usable: true };
  });
  const folders = list.folders.map(({ id, name, folder, there, about }): ModelChoice => {
    const ref = { kind: 'folder', id } as const;
    const detail = there ? aboutText(about) || folder : `${folder} (not there any more)`;
    return { key: keyOf(ref), ref, title: name, detail, score: null, usable: there };
  });
  const hub = list.hub.map(({ id, reference, about, there }): ModelChoice => {
    const ref = { kind: 'hub', id } as const;
    const detail = there ? aboutText(about) : 'not in the cache any more';
    return { key: keyOf(ref), ref, title: reference, detail, score: null, usable: there };
  });
  const runs = list.runs.map((run): ModelGroup => ({
    title: run.name,
    choices: (['best', 'last'] as const).flatMap((checkpoint) => {
      const found = run[checkpoint];
      // Where the newest is the best, one line says both.
      if (!found || (checkpoint === 'last' && same(found, run.best))) return [];
      const both = checkpoint === 'best' && same(found, run.last);
      const which = both ? 'best and newest' : checkpoint === 'best' ? 'best' : 'newest';
      return ROLES.map((role): ModelChoice => {
        const ref = { kind: 'run', run: run.run, checkpoint, role } as const;
        const title = `${role === 'solver' ? 'Solver' : 'Challenger'}, ${which}`;
        // Only the Solver is measured.
        const score = role === 'solver' && found.score ? percent(found.score.value) : null;
        return { key: keyOf(ref), ref, title, detail: placeText(found), score, usable: true };
      });
    }),
  }));
  return [
    { title: 'Shipped', choices: shipped },
    { title: 'Folders', choices: folders },
    { title: 'From the hub', choices: hub },
    ...runs.filter(({ choices }) => choices.length > 0),
  ];
}

type Checkpoint = NonNullable<ModelList['runs'][number]['last']>;

/** "Qwen3ForCausalLM, 596 M, bfloat16, 1.4 GiB, apache-2.0" */
function aboutText(about: AboutModel | null): string {
  if (!about) return '';
  const { architecture, parameters, dtype, bytes, context, licence } = about;
  const parts = [architecture.replace('ForCausalLM', ''), parametersText(parameters), dtype, bytesText(bytes)];
  const reads = `${context.toLocaleString('en-US')} tokens of context`;
  return [...parts, reads, licence ?? 'licence not said'].filter((part) => part !== null).join(', ');
}

function same(a: Checkpoint, b: Checkpoint | null): boolean {
  return b !== null && a.iteration === b.iteration && a.phase === b.phase && a.step === b.step;
}

function placeText({ iteration, phase, step }: Checkpoint): string {
  if (iteration < 0) return 'before fine-tuning';
  if (iteration === 0) return phase === 'sft' ? `fine-tuning, step ${step}` : 'before the first iteration';
  return phase === 'evaluation' ? `after iteration ${iteration}` : `iteration ${iteration}, ${phase}, step ${step}`;
}
