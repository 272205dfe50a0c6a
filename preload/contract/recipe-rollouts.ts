/**
 * Rollouts elsewhere: which sampling a server does in place of this process, how the run's weights get there, and what must
 * be true before the server is believed. Nothing here is of the paper; R-Zero's own scripts serve votes by vLLM.
 */
import { z } from 'zod';
import { count } from './recipe-parts.js';

export const ROLLOUT_WORK = ['questions', 'votes', 'evaluation', 'challenger', 'solver'] as const;
/** What completions are for. */
export type RolloutWork = (typeof ROLLOUT_WORK)[number];

const KEY = /^[a-z0-9][a-z0-9._-]{0,39}$/;
const seconds = z.number().gt(0).max(86_400);

const weightsSchema = z
  .strictObject({
    reload: z
      .enum(['vllm', 'command', 'none'])
      .default('vllm')
      .describe(
        'vllm: its reload_weights call (VLLM_SERVER_DEV_MODE=1); command: a program of yours puts them in place; none: the server, or somebody, does it by itself, and is waited for',
      ),
    command: z
      .array(z.string().min(1).max(4000))
      .max(100)
      .default([])
      .describe(
        'the program and its arguments, without a shell; {folder}, {version} and {server} stand for the exported folder, the name of its weights and the address; it must be allowed first: rzero rollouts allow RECIPE',
      ),
    timeout_seconds: seconds.default(900).describe('for the new weights to be served, checked'),
    folder: z
      .string()
      .min(1)
      .max(4000)
      .nullable()
      .default(null)
      .describe('where they are exported as Hugging Face folders; empty: within the data directory'),
    server_folder: z
      .string()
      .min(1)
      .max(4000)
      .nullable()
      .default(null)
      .describe('the same folder as the server names it, where it sees it under another path; empty: the same path'),
    keep: count.max(1000).default(2).describe('exported weights that stay on the disk'),
  })
  .refine((w) => w.reload !== 'command' || w.command.length > 0, {
    path: ['command'],
    error: 'reload is command: give the program and its arguments',
  });

export const rolloutsSchema = z
  .strictObject({
    servers: z
      .array(z.string().min(1).max(2000))
      .min(1)
      .max(64)
      .describe(
        'addresses of OpenAI-compatible completion servers, such as http://127.0.0.1:8000/v1; they share the work',
      ),
    model: z.string().min(1).max(500).describe("the model's name at the servers (vLLM: --served-model-name)"),
    work: z
      .strictObject({
        questions: z.boolean().default(true).describe("the Challenger's questions of a curriculum"),
        votes: z.boolean().default(true).describe("the Solver's votes, in both phases"),
        evaluation: z.boolean().default(true).describe("the Solver's answers to benchmarks"),
        challenger: z.boolean().default(false).describe('rollouts the Challenger learns from: new weights every step'),
        solver: z.boolean().default(false).describe('rollouts the Solver learns from: new weights every step'),
      })
      .prefault({})
      .describe('what is sampled there; the rest is sampled here'),
    ratio: z
      .enum(['server', 'local'])
      .default('server')
      .describe(
        "the old policy in GRPO's clipped ratio, for training rollouts; server: the log-probabilities that the server drew by, which corrects for its other arithmetic; local: those of the weights here, as if it drew by them",
      ),
    weights: weightsSchema.prefault({}).describe('how the weights of the run get to the servers'),
    check: z
      .strictObject({
        prompts: count.max(64).default(4).describe('prompts of the run whose log-probabilities are compared'),
        tokens: count.max(1024).default(32).describe('tokens of each continuation'),
        tolerance: z
          .number()
          .gt(0)
          .max(10)
          .default(0.001)
          .describe(
            'largest difference of a log-probability, in nats, that is taken for rounding; a float32 server keeps 0.001, one in bfloat16 needs about 0.3',
          ),
      })
      .prefault({})
      .describe('the fingerprint: servers are believed only when they give the log-probabilities of the weights here'),
    concurrency: count.max(4096).default(32).describe('requests on their way to each server'),
    timeout_seconds: z.number().gt(0).max(290).default(240).describe('for the answer to one request'),
    attempts: count.max(100).default(5).describe('times a request is sent before the run pauses'),
    key: z
      .string()
      .regex(KEY, 'a key is named with up to 40 small letters, digits, dots and dashes')
      .nullable()
      .default(null)
      .describe('name of a key in the key store (rzero key set NAME); empty: RZERO_ROLLOUTS_KEY, or none'),
    allow_http: z.boolean().default(false).describe('send a key unencrypted to another machine'),
    fallback: z
      .enum(['pause', 'local'])
      .default('pause')
      .describe('when the servers fail: pause the run, or sample here until the next weights'),
  })
  .describe('sampling at OpenAI-compatible servers instead of here');

export type RolloutsRecipe = z.output<typeof rolloutsSchema>;
