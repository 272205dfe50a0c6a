/** What `rzero rollouts check` prints of one server. Pure. */
import type { LookedAt } from '../../../preload/contract/tasks.js';
import { printable } from './format.js';

export function lookText(look: LookedAt): string {
  const { host, problem, version, models, reload, fingerprint, byTokens, logprobs, tokensPerSecond } = look;
  const served = models.map(
    ({ id, maxLength }) => `${printable(id)}${maxLength === null ? '' : ` (${maxLength} tokens)`}`,
  );
  const lines: [string, string | null][] = [
    ['program', version === null ? null : `vLLM ${printable(version)}`],
    ['serves', models.length === 0 ? null : served.join(', ')],
    ['fingerprint', fingerprint && fingerprintText(fingerprint)],
    [
      'completions',
      byTokens === null
        ? null
        : byTokens
          ? `token ids, ${logprobs ? 'with' : 'without'} log-probabilities`
          : 'text alone: no rollouts that are learnt from',
    ],
    ['speed', tokensPerSecond === null ? null : `${tokensPerSecond.toFixed(0)} tokens a second`],
    [
      'new weights by',
      models.length === 0
        ? null
        : reload.length === 0
          ? 'none of its own: rollouts.weights.reload is command or none'
          : reload.map((way) => WAYS[way]).join(', '),
    ],
  ];
  const shown = lines.flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(15)}${value}`]));
  return [`${host}: ${problem === null ? 'can be used' : `cannot be used: ${printable(problem)}`}`, ...shown].join(
    '\n',
  );
}

const WAYS: Readonly<Record<LookedAt['reload'][number], string>> = {
  vllm: 'reload_weights (rollouts.weights.reload: vllm)',
  lora: 'load_lora_adapter (not used)',
};

function fingerprintText({ same, largest, mean, tokens }: NonNullable<LookedAt['fingerprint']>): string {
  const figures = `${tokens} tokens, ${largest.toExponential(1)} nats apart at most, ${mean.toExponential(1)} in the mean`;
  return `${same ? 'the same weights' : 'other weights'}: ${figures}`;
}
