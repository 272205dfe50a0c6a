/**
 * One sitting of a reviewer: the queue, what is typed about the question one is at, and what each key does. The next
 * question shows at once; what was done goes out behind it, and comes back to the screen where it could not be recorded.
 */
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import type { Draft, QueueItem, ReviewAction, Verdict } from '../../../preload/contract/reviews.js';
import { useConfirm } from '../../stores/confirm.js';
import { useReview } from '../../stores/review.js';
import { actionsOf, discardOf, draftOf, EMPTY } from './drafts.js';
import { placeWords, useQueue, type Queue, type Wanted } from './use-queue.js';
import { VERDICT_NAMES } from './verdicts.js';

/** So many at once are asked about before. */
const MANY = 2;

export interface Session {
  readonly queue: Queue;
  readonly draft: ComputedRef<Draft>;
  /** What a screen reader hears. */
  readonly said: Ref<string>;
  say(words: string): void;
  setDraft(draft: Draft): void;
  choose(verdict: Verdict, straightOn: boolean): void;
  submit(): void;
  discard(): void;
  undo(): void;
  step(by: 1 | -1): void;
  judgeMany(verdict: Verdict, questions: readonly number[]): Promise<boolean>;
  discardMany(questions: readonly number[]): Promise<boolean>;
  standing(item: QueueItem): { readonly draft: Draft; readonly recorded: string | null };
}

export function useSession(wanted: () => Wanted | null): Session {
  const review = useReview();
  const confirm = useConfirm();
  const queue = useQueue(wanted);
  const said = ref('');

  /** The same words twice are heard twice. */
  function say(words: string): void {
    said.value = said.value === words ? `${words}\u00A0` : words;
  }

  function draftAt(item: QueueItem): Draft {
    const of = wanted();
    const typed = of && review.draftAt(of.work, item.question);
    return typed ?? queue.judged.value.get(item.question)?.input ?? draftOf(item);
  }
  const draft = computed(() => (queue.current.value ? draftAt(queue.current.value) : EMPTY));

  function setDraft(next: Draft): void {
    const [of, item] = [wanted(), queue.current.value];
    if (of && item) review.setDraft(of.work, item.question, next);
  }

  const whereWords = (): string => {
    return queue.current.value ? `${placeWords(queue)}.` : 'The queue is done.';
  };
  function step(by: 1 | -1): void {
    queue.at.value = Math.max(0, Math.min(queue.items.value.length, queue.at.value + by));
  }

  function record(
    items: readonly QueueItem[],
    what: (item: QueueItem) => { actions: ReviewAction[]; input: Draft; discarded: boolean },
  ): void {
    const of = wanted();
    if (!of) return;
    const acts = items.flatMap((item) => {
      const { actions, input, discarded } = what(item);
      if (actions.length === 0) return [];
      queue.mark(item.question, { input, discarded });
      const audit = of.order.kind === 'audit' && !queue.outside.has(item.question) ? of.order.audit : null;
      return [{ question: item.question, audit, actions, input }];
    });
    if (acts.length > 0) review.record(of.work, acts);
  }

  function submit(): void {
    const [of, item] = [wanted(), queue.current.value];
    if (!of || !item) return;
    const input = draft.value;
    const touched =
      review.draftAt(of.work, item.question) !== null ||
      (item.draft !== null && !queue.judged.value.has(item.question));
    const actions = touched ? actionsOf(input, item.state) : [];
    record([item], () => ({ actions, input, discarded: false }));
    step(1);
    const what =
      actions.length === 0
        ? 'Passed over.'
        : input.verdict === null
          ? 'Recorded.'
          : `${VERDICT_NAMES[input.verdict]} recorded.`;
    say(`${what} ${whereWords()}`);
  }

  function discard(): void {
    const item = queue.current.value;
    if (!item) return;
    const input = draft.value;
    record([item], () => ({ actions: discardOf(input, item.state), input, discarded: true }));
    step(1);
    say(`Discarded. ${whereWords()}`);
  }

  function choose(verdict: Verdict, straightOn: boolean): void {
    if (!queue.current.value) return;
    setDraft({ ...draft.value, verdict });
    if (straightOn) submit();
    else say(`${VERDICT_NAMES[verdict]}. Enter records it.`);
  }

  async function many(questions: readonly number[], name: string): Promise<readonly QueueItem[]> {
    const items = queue.items.value.filter(({ question }) => questions.includes(question));
    if (items.length < MANY) return items;
    const answer = await confirm.ask({
      title: `${items.length} questions: ${name}`,
      text: 'Each is recorded as a verdict of yours. One Undo takes all of them back.',
      answers: [{ id: 'yes', title: `Record ${items.length}`, look: 'primary' }],
    });
    return answer === 'yes' ? items : [];
  }
  async function judgeMany(verdict: Verdict, questions: readonly number[]): Promise<boolean> {
    const items = await many(questions, VERDICT_NAMES[verdict]);
    record(items, (item) => {
      const input = { ...draftAt(item), verdict };
      return { actions: actionsOf(input, item.state), input, discarded: false };
    });
    if (items.length > 0) say(`${items.length} recorded as ${VERDICT_NAMES[verdict]}.`);
    return items.length > 0;
  }
  async function discardMany(questions: readonly number[]): Promise<boolean> {
    const items = await many(questions, 'discard');
    record(items, (item) => ({ actions: discardOf(draftAt(item), item.state), input: draftAt(item), discarded: true }));
    if (items.length > 0) say(`${items.length} discarded.`);
    return items.length > 0;
  }

  function undo(): void {
    const of = wanted();
    if (of) review.undo(of.work);
  }
  const isHere = (work: { run: string; pass: string }): boolean => {
    const of = wanted();
    return of !== null && of.work.run === work.run && of.work.pass === work.pass;
  };
  watch(
    () => review.taken,
    (taken) => {
      if (!taken || !isHere(taken.work)) return;
      for (const question of taken.questions) queue.mark(question, null);
      const [first] = taken.questions;
      if (first === undefined) return say('There is nothing to take back.');
      void queue.goTo(first);
      const verdict = taken.inputs[0]?.verdict;
      say(`Taken back${verdict ? `: ${VERDICT_NAMES[verdict]}` : ''}.`);
    },
  );
  watch(
    () => review.trouble,
    (trouble) => {
      if (!trouble || !isHere(trouble.work)) return;
      for (const question of trouble.questions) queue.mark(question, null);
      const [first] = trouble.questions;
      if (first !== undefined) void queue.goTo(first);
    },
  );

  function standing(item: QueueItem): { draft: Draft; recorded: string | null } {
    const of = wanted();
    const typed = of && review.draftAt(of.work, item.question);
    if (typed) return { draft: typed, recorded: null };
    const judged = queue.judged.value.get(item.question);
    if (judged) return { draft: EMPTY, recorded: judged.discarded ? 'discarded' : verdictName(judged.input.verdict) };
    const { state } = item;
    if (item.draft || !state || state.status === 'open') return { draft: item.draft ?? EMPTY, recorded: null };
    return { draft: EMPTY, recorded: state.status === 'discarded' ? 'discarded' : verdictName(state.verdict) };
  }
  const verdictName = (verdict: Verdict | null): string => (verdict ? VERDICT_NAMES[verdict] : 'noted');

  return { queue, draft, said, say, setDraft, choose, submit, discard, undo, step, judgeMany, discardMany, standing };
}
