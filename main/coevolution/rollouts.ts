/**
 * What models write while a step is still sampling, for people who watch: now and then one completion as an event that is
 * never recorded. Made only when one is due, so it costs the decoding of two texts a second.
 */
import type { EventBody } from '../../preload/contract/events.js';
import type { Domain } from '../domains/domain.js';
import { cut } from '../lib/text.js';
import type { LoopContext, Position } from './context.js';
import type { SampledText } from './executor.js';

const INTERVAL_MS = 500;
const LENGTH = 2000;

/** What the loop makes of a completion; what is not known yet is null. */
export interface Understood {
  readonly role: 'challenger' | 'solver';
  readonly question: string | null;
  readonly answer: string | null;
  readonly reward: number | null;
}

/** Emits what it is given at most twice a second, and asks for no more. */
export function seldom(emit: LoopContext['emit'], now: () => number = () => performance.now()): LoopContext['show'] {
  let last = -INTERVAL_MS;
  return (make) => {
    if (now() - last < INTERVAL_MS) return;
    const event = make();
    if (!event) return;
    last = now();
    emit(event);
  };
}

export function rolloutEvent(
  { iteration, phase }: Position,
  step: number,
  { text, tokens, finish }: SampledText,
  { role, question, answer, reward }: Understood,
): EventBody {
  const short = (whole: string | null): string | null => (whole === null ? null : cut(whole, LENGTH));
  const said = { question: short(question), completion: cut(text, LENGTH), answer: short(answer) };
  return { type: 'rollout.sampled', iteration, phase, step, role, tokens, finish, reward, ...said };
}

export function questionWritten(domain: Domain): (sampled: SampledText) => Understood {
  return ({ text, finish }) => {
    const parsed = finish === null ? null : domain.parseQuestion(text, finish);
    const { question = null, answer = null } = parsed?.valid ? parsed : {};
    return { role: 'challenger', question, answer, reward: null };
  };
}

/** @param rewardOf of an answer to the question of a request; left out where answers are votes */
export function questionAnswered(
  domain: Pick<Domain, 'extractAnswer'>,
  questions: readonly string[],
  rewardOf: (answer: string | null, request: number) => number | null = () => null,
): (sampled: SampledText) => Understood {
  return ({ request, text, finish }) => {
    const answer = finish === null ? null : domain.extractAnswer(text, finish);
    const reward = finish === null ? null : rewardOf(answer, request);
    return { role: 'solver', question: questions[request] ?? null, answer, reward };
  };
}
