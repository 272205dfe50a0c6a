/** Roles of the shipped model whose sampling is done at a stand-in for a server that serves its weights. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rolloutsSchema } from '../../preload/contract/recipe-rollouts.js';
import type { EventBody } from '../../preload/contract/events.js';
import { rolloutServer, type RolloutStandIn } from '../../test/support/rollout-server.js';
import { sendJson } from '../../test/support/judge-endpoint.js';
import type { SampleOptions } from '../coevolution/executor.js';
import { openCompute } from '../compute/open.js';
import { RandomKey } from '../lib/random.js';
import { describeModelFolder, loadModelFolder } from '../model/folder.js';
import { sequenceLogProbs } from '../model/score.js';
import { LocalExecutor } from './local-executor.js';
import { modelFolder } from './model-source.js';
import { ServedExecutor } from './served-executor.js';

let stand: RolloutStandIn;
let local: LocalExecutor;
let dataDir: string;
beforeAll(async () => {
  local = new LocalExecutor(await openCompute('auto'), await loadModelFolder(modelFolder('builtin:nano')));
});
afterAll(() => local.dispose());
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'rzero-served-'));
  stand = await rolloutServer();
  stand.models = [{ id: 'm', max_model_len: 192 }];
  scoreAsHere();
});
afterEach(async () => {
  await stand.close();
  rmSync(dataDir, { recursive: true });
});

/** Log-probabilities of the very weights, so that the check passes. */
function scoreAsHere(): void {
  const { model, network } = local.solver;
  const score = async (response: Parameters<typeof sendJson>[0], tokens: number[]): Promise<void> => {
    const scores = await sequenceLogProbs(model.config, network.tensors, tokens);
    sendJson(response, JSON.stringify({ choices: [{ text: '', logprobs: { token_logprobs: [null, ...scores] } }] }));
  };
  stand.score = score;
}

const events: EventBody[] = [];
beforeEach(() => void (events.length = 0));
const servedBy = (more: object = {}): ServedExecutor =>
  new ServedExecutor(local, {
    recipe: rolloutsSchema.parse({ servers: [stand.url], model: 'm', attempts: 1, work: { solver: true }, ...more }),
    ...{ dataDir, runId: 'a-run', key: null, emit: (event) => void events.push(event) },
  });
const prompt = { kind: 'text', text: '<bos><question>3+4</question>' } as const;
const requests = [{ prompt, samples: 3, key: RandomKey.of(1, 'x') }];
const how = (work: SampleOptions['work']): SampleOptions => ({
  work,
  sampling: { temperature: 1, top_p: 1, top_k: 0, max_new_tokens: 20 },
});

describe('a role that is sampled elsewhere', () => {
  // Would catch: prompts tokenised by the server, text that is not what our tokenizer makes of the tokens, a lost stop token.
  it('gets completions as those that are sampled here', async () => {
    const [group] = await servedBy().solver.sample(requests, how('votes'));
    const asked = stand.heard.at(-1)?.body;
    expect(asked).toMatchObject({ prompt: local.solver.encode(prompt), n: 3, model: 'm' });
    for (const { text, tokens, finish, logprobs } of group ?? []) {
      expect(finish).toBe('stop');
      expect(tokens.at(-1)).toBe(2);
      expect(text).toBe(local.solver.textOfTokens(tokens, finish));
      expect(logprobs).toBeUndefined();
    }
  });

  // Would catch: rollouts that are learnt from as if the weights here had drawn them.
  it('brings the log-probabilities it was drawn by where it is learnt from, unless told otherwise', async () => {
    const [learnt] = await servedBy().solver.sample(requests, how('solver'));
    expect(learnt?.every(({ tokens, logprobs }) => logprobs?.length === tokens.length)).toBe(true);
    const [here] = await servedBy({ ratio: 'local' }).solver.sample(requests, how('solver'));
    expect(here?.every(({ logprobs }) => logprobs === undefined)).toBe(true);
  });

  // Would catch: work at a server that the recipe keeps here.
  it('asks nobody for work that is done here', async () => {
    const served = servedBy({ work: { votes: false } });
    const options = how('votes');
    expect(await served.solver.sample(requests, options)).toEqual(await local.solver.sample(requests, options));
    expect(stand.heard).toHaveLength(0);
  });

  // Would catch: an answer cut shorter than it would be here, without a word.
  it('refuses a server that reads less than an answer may take', async () => {
    stand.models = [{ id: 'm', max_model_len: 20 }];
    await expect(servedBy().solver.sample(requests, how('votes'))).rejects.toMatchObject({
      message: expect.stringMatching(/reads 20 tokens at most, .* may take 2\d/) as string,
      remedy: expect.stringContaining('--max-model-len') as string,
    });
  });

  // Would catch: a run that stops although it may go on here, or that asks a dead server again for every unit.
  it('is sampled here until there are new weights, where the recipe says so', async () => {
    await stand.close();
    const served = servedBy({ fallback: 'local' });
    const options = how('votes');
    const expected = await local.solver.sample(requests, options);
    expect(await served.solver.sample(requests, options)).toEqual(expected);
    expect(await served.solver.sample(requests, options)).toEqual(expected);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      type: 'log',
      level: 'warn',
      message: expect.stringMatching(/cannot be reached.* Sampled here/) as string,
    });
    await expect(servedBy().solver.sample(requests, how('votes'))).rejects.toThrow(/cannot be reached/);
  });

  // Would catch: an exported folder that no server of somebody else's can load.
  it('exports its weights as a folder that can be read again', async () => {
    stand.score = null;
    await servedBy()
      .solver.sample(requests, how('votes'))
      .catch(() => undefined);
    const { config } = await describeModelFolder(join(dataDir, 'rollouts', 'a-run', local.solver.version));
    expect(config).toEqual(local.solver.model.config);
  });

  // Would catch: a run that nobody can tell from a repeatable one.
  it('is told in the record', () => {
    servedBy().tell();
    expect(events).toEqual([
      {
        type: 'log',
        level: 'warn',
        message: expect.stringMatching(/^rollouts at 127\.0\.0\.1:\d+ \(.*votes.*\): not bit-repeatable$/) as string,
      },
    ]);
  });
});
