/**
 * One question to a model that is tried, answered as it comes: the prompt as it is sent, then every token with its probability
 * and the likeliest others, then how it ended. Tokens are told a few times a second, so that a fast model does not
 * flood whoever reads.
 */
import type {
  ChatAlternative,
  ChatDone,
  ChatNews,
  ChatQuestion,
  ChatToken,
} from '../../../preload/contract/chat-words.js';
import { LabError } from '../../lib/errors.js';
import { RandomKey } from '../../lib/random.js';
import type { LanguageModel } from '../../model/language-model.js';
import type { LiveSequence } from '../../model/live/live-sequence.js';
import { PieceReader } from '../../model/pieces.js';
import type { SamplingOptions } from '../../model/sampler.js';
import { CharacterCheck } from '../../model/unknown-characters.js';
import type { OpenedModel } from '../open-model.js';
import { distributionOf, type Distribution } from './distribution.js';
import { drawToken } from './draw.js';
import { formPrompt } from './prompt-form.js';

const DEFAULT_NEW_TOKENS = 512;
/** Between two tellings. */
const TELL_MS = 50;
/** What is impossible to a model has no finite logarithm; messages between processes want one. */
const LEAST = -1e5;

export interface Answering {
  readonly opened: OpenedModel;
  /** The model as it was named. */
  readonly reference: string;
  readonly live: LiveSequence;
  readonly signal: AbortSignal;
  readonly tell: (news: ChatNews) => void;
}

/** Settles when all is told; being stopped is an end like others. */
export async function answer(question: ChatQuestion, how: Answering): Promise<void> {
  const { model } = how.opened;
  const { form, text } = formPrompt(how.opened, question, how.reference);
  const prompt = model.tokenizer.encode(text);
  const begun = question.wish.kind === 'go' ? question.wish.begun : [];
  const written = new Writing(question, { ...how, prompt, begun });
  const unknown = new CharacterCheck(model.tokenizer).unknownIn(text);
  // Told before the text is read, which may take a while; how much was kept is known at once.
  how.tell({ kind: 'prompt', form, text, tokens: prompt.length, kept: how.live.kept([...prompt, ...begun]), unknown });
  if (question.wish.kind === 'score') await written.score(model.tokenizer.encode(question.wish.text));
  else await written.goOn();
}

interface Given extends Answering {
  readonly prompt: readonly number[];
  readonly begun: readonly number[];
}

class Writing {
  private readonly ids: number[];
  private readonly pieces: PieceReader;
  private readonly start = performance.now();
  private readonly stops: ReadonlySet<number>;
  private waiting: ChatToken[] = [];
  private told: number;
  private lastTold = 0;
  private first: number | null = null;
  private logprob = 0;

  constructor(
    private readonly question: ChatQuestion,
    private readonly given: Given,
  ) {
    const { tokenizer, generation } = given.opened.model;
    this.ids = [...given.begun];
    this.told = this.ids.length;
    this.pieces = new PieceReader(tokenizer);
    for (const id of given.begun) this.pieces.push(id);
    this.stops = new Set(generation.eosTokenIds);
  }

  async goOn(): Promise<void> {
    const { prompt, opened, live, signal } = this.given;
    const { sampling, most } = samplingOf(this.question, opened.model);
    const { maxPositions } = opened.model.config;
    if (prompt.length >= maxPositions) throw tooLong(prompt.length, maxPositions);
    const room = Math.min(most, maxPositions - prompt.length);
    // A branch may begin with the token that ends it.
    let finish: ChatDone['finish'] | null = this.stops.has(this.ids.at(-1) ?? -1) ? 'stop' : null;
    while (finish === null) {
      if (this.ids.length >= room) finish = 'length';
      else {
        const text = [...prompt, ...this.ids];
        let drawn: number | null = null;
        const onLogits = (_: number, logits: Float32Array): void => {
          drawn = drawToken(logits, this.uniform(), sampling);
          this.take(drawn, distributionOf(logits, this.question.top), logits);
        };
        if (await stoppable(() => live.read(text, { from: text.length - 1, onLogits, signal }), signal)) {
          finish = drawn !== null && this.stops.has(drawn) ? 'stop' : null;
        } else finish = 'stopped';
        this.tellSome();
        // Lets words from outside in.
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
    this.finish(finish, null);
  }

  /** Nothing is drawn: the tokens of a text, and how probable each was where it stands. */
  async score(tokens: readonly number[]): Promise<void> {
    const { prompt, live, signal } = this.given;
    let ending: number | null = null;
    const onLogits = (position: number, logits: Float32Array): void => {
      const distribution = distributionOf(logits, this.question.top);
      const next = tokens[position + 1 - prompt.length];
      if (next !== undefined) this.take(next, distribution, logits);
      else ending = [...this.stops].reduce((sum, id) => sum + Math.exp(logprobOf(id, distribution, logits)), 0);
      this.tellSome();
    };
    const whole = await stoppable(
      () => live.read([...prompt, ...tokens], { from: prompt.length - 1, onLogits, signal }),
      signal,
    );
    this.finish(whole ? 'scored' : 'stopped', ending);
  }

  /** One number a place, from the seed and the place alone: a branch draws on as the trunk would have. */
  private uniform(): number {
    return RandomKey.of(this.question.sampling.seed, 'chat', this.ids.length).stream().uniform();
  }

  private take(id: number, distribution: Distribution, logits: Float32Array): void {
    const { tokenizer } = this.given.opened.model;
    if (!Number.isFinite(distribution.logTotal)) {
      throw new LabError('numeric', `The logits of token ${this.ids.length} are not numbers.`, {
        remedy: 'The weights are broken: use an earlier checkpoint, or download the model again.',
      });
    }
    this.ids.push(id);
    this.first ??= (performance.now() - this.start) / 1000;
    const logprob = logprobOf(id, distribution, logits);
    this.logprob += logprob;
    const top = distribution.top.map((other): ChatAlternative => ({
      id: other.id,
      shown: tokenizer.show(other.id),
      logprob: Math.max(LEAST, other.logprob),
    }));
    const piece = this.stops.has(id) ? '' : this.pieces.push(id);
    this.waiting.push({ id, shown: tokenizer.show(id), logprob, piece, entropy: distribution.entropy, top });
  }

  private tellSome(): void {
    const now = performance.now();
    if (now - this.lastTold < TELL_MS) return;
    this.lastTold = now;
    this.tellAll();
  }

  private tellAll(): void {
    if (this.waiting.length === 0) return;
    this.given.tell({ kind: 'tokens', from: this.told, tokens: this.waiting });
    this.told += this.waiting.length;
    this.waiting = [];
  }

  private finish(finish: ChatDone['finish'], ending: number | null): void {
    const { tokenizer } = this.given.opened.model;
    const last = this.waiting.at(-1);
    const owed = this.pieces.end();
    if (last && owed !== '') last.piece += owed;
    this.tellAll();
    const said = finish === 'stop' && this.stops.has(this.ids.at(-1) ?? -1) ? this.ids.slice(0, -1) : this.ids;
    const seconds = (performance.now() - this.start) / 1000;
    const { ids, logprob, first } = this;
    this.given.tell({ kind: 'done', finish, text: tokenizer.decode(said), ids, logprob, ending, seconds, first });
  }
}

function tooLong(tokens: number, positions: number): LabError {
  return new LabError(
    'usage',
    `The conversation has ${tokens} tokens; the model reads ${positions}, answer included.`,
    {
      remedy: 'Shorten it, or begin a new one.',
    },
  );
}

function logprobOf(id: number, { logTotal }: Distribution, logits: Float32Array): number {
  return Math.max(LEAST, (logits[id] as number) - logTotal);
}

function samplingOf(
  { sampling }: ChatQuestion,
  { generation }: LanguageModel,
): { readonly sampling: SamplingOptions; readonly most: number } {
  const advised = generation.sample ? (generation.temperature ?? 1) : 0;
  return {
    sampling: {
      temperature: sampling.temperature ?? advised,
      topP: sampling.topP ?? generation.topP ?? 1,
      topK: sampling.topK ?? generation.topK ?? 0,
    },
    most: sampling.maxNewTokens ?? generation.maxNewTokens ?? DEFAULT_NEW_TOKENS,
  };
}

/** False where the work was left because of the signal. */
async function stoppable(work: () => Promise<unknown>, signal: AbortSignal): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
