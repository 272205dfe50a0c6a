/**
 * The conversation in the Models room: what was asked of which models and what they answer, token by token. It outlives the room,
 * and answers go on while one looks elsewhere.
 */
import { defineStore } from 'pinia';
import { computed, reactive, ref, shallowRef } from 'vue';
import type { ChatAlternative, ChatForm, ChatToken } from '../../preload/contract/chat-words.js';
import type { BackendChoice } from '../../preload/contract/runs.js';
import { labFailure } from '../connection/failure.js';
import { branched, hear, newAnswer, type ChatAnswer } from '../rooms/chat/answer.js';
import { messagesFor, NO_VERSIONS, type Exchange, type Lane, type Versions } from '../rooms/chat/conversation.js';
import type { ModelChoice } from '../rooms/models/references.js';
import { useLab } from './lab.js';
import { useModels } from './models.js';
import { useSettings } from './settings.js';

type Wish =
  { readonly kind: 'go'; readonly begun: readonly ChatToken[] } | { readonly kind: 'score'; readonly text: string };

export const useChat = defineStore('chat', () => {
  const lab = useLab();
  const models = useModels();
  const settings = useSettings();
  const exchanges = shallowRef<readonly Exchange[]>([]);
  const draft = reactive({ question: '', answer: '', scoring: false });
  const sampling = reactive({
    system: '',
    form: 'auto' as ChatForm,
    temperature: '' as number | '',
    topP: '' as number | '',
    topK: '' as number | '',
    maxNewTokens: '' as number | '',
    seed: 0,
    top: 5,
  });
  const coloured = ref(true);
  /** The key of the model beside the chosen one; null: none. */
  const beside = ref<string | null>(null);
  const atWork = shallowRef<ReadonlyMap<number, AbortController>>(new Map());
  const busy = computed(() => atWork.value.size > 0);
  let ids = 0;

  const lanes = computed((): readonly { readonly lane: Lane; readonly choice: ModelChoice }[] => {
    const second = models.choices.find(({ key }) => key === beside.value);
    return [
      ...(models.current?.usable ? [{ lane: 0 as const, choice: models.current }] : []),
      ...(second?.usable ? [{ lane: 1 as const, choice: second }] : []),
    ];
  });

  async function ask(): Promise<void> {
    const { question, answer, scoring } = draft;
    if (busy.value || question.trim() === '' || (scoring && answer === '')) return;
    const exchange: Exchange = { id: ++ids, question, lanes: [NO_VERSIONS, NO_VERSIONS] };
    exchanges.value = [...exchanges.value, exchange];
    if (!scoring) draft.question = '';
    const wish: Wish = scoring ? { kind: 'score', text: answer } : { kind: 'go', begun: [] };
    await Promise.all(lanes.value.map(({ lane, choice }) => answerIn(exchange.id, { lane, choice, wish })));
  }

  /** What it would have said: another token at a place of the last answer, and on from there. */
  async function branch(lane: Lane, answer: ChatAnswer, at: { index: number; other: ChatAlternative }): Promise<void> {
    const exchange = exchanges.value.at(-1);
    const choice = lanes.value.find((each) => each.lane === lane)?.choice;
    if (busy.value || !exchange || !choice) return;
    await answerIn(exchange.id, { lane, choice, wish: { kind: 'go', begun: branched(answer, at.index, at.other) } });
  }

  async function answerIn(
    id: number,
    { lane, choice, wish }: { readonly lane: Lane; readonly choice: ModelChoice; readonly wish: Wish },
  ): Promise<void> {
    const exchange = exchanges.value.find((each) => each.id === id);
    if (!lab.client || !exchange) return;
    const answer = newAnswer(
      { id: ++ids, kind: wish.kind, model: models.titleOf(choice) },
      wish.kind === 'go' ? wish.begun : [],
    );
    show(id, lane, { all: [...exchange.lanes[lane].all, answer], shown: exchange.lanes[lane].all.length });
    const own = new AbortController();
    atWork.value = new Map(atWork.value).set(answer.id, own);
    try {
      const messages = messagesFor(exchanges.value, { lane, system: sampling.system, upTo: exchange });
      const input = {
        ...{ model: choice.ref, backend: settings.values.backend as BackendChoice, messages, ...chosen() },
        wish: wish.kind === 'go' ? { kind: wish.kind, begun: wish.begun.map((token) => token.id) } : wish,
      };
      // Directly, not followed: a lost connection must not begin the work anew.
      for await (const news of await lab.client.api.chat.ask(input, { signal: own.signal })) hear(answer, news);
    } catch (error) {
      answer.phase = own.signal.aborted ? 'stopped' : 'failed';
      if (!own.signal.aborted) answer.failure = labFailure(error, 'chat.ask');
    } finally {
      const rest = new Map(atWork.value);
      rest.delete(answer.id);
      atWork.value = rest;
    }
  }

  function chosen() {
    const number = (value: number | ''): number | null => (value === '' ? null : value);
    const { form, seed, top, temperature, topP, topK, maxNewTokens } = sampling;
    const numbers = { temperature: number(temperature), topP: number(topP), topK: number(topK) };
    return { form, top, sampling: { ...numbers, maxNewTokens: number(maxNewTokens), seed } };
  }

  function show(id: number, lane: Lane, versions: Versions): void {
    exchanges.value = exchanges.value.map((each) =>
      each.id === id ? { ...each, lanes: lane === 0 ? [versions, each.lanes[1]] : [each.lanes[0], versions] } : each,
    );
  }

  function stop(): void {
    for (const own of atWork.value.values()) own.abort();
  }

  function clear(): void {
    stop();
    exchanges.value = [];
  }
  return { exchanges, draft, sampling, coloured, beside, busy, lanes, ask, branch, show, stop, clear };
});
