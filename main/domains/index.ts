/** A domain from its description: what the files of a folder say, put together with the code that they name. */
import type { DomainDescription } from '../../preload/contract/domain-file.js';
import type { RecipePrompts } from '../../preload/contract/recipe-prompts.js';
import { answersOf } from './answers.js';
import { chainsForm } from './chains/form.js';
import type { Domain } from './domain.js';
import { choiceForm } from './forms/choice.js';
import type { Form, QuestionRules } from './forms/form.js';
import { shuffleOptions, withoutOrder } from './forms/options.js';
import { tagsForm } from './forms/tags.js';
import { DIFFICULTY, ORACLE, REWRITING, TOPIC, wordsOf } from './measures.js';
import { NORMAL } from './normal-forms.js';
import { challengerPrompt, solverPrompt, withPrompts } from './prompts.js';

const FORM: Readonly<Record<QuestionRules['form'], (rules: QuestionRules) => Form>> = {
  tags: tagsForm,
  choice: choiceForm,
  chains: () => chainsForm,
};

/** @param own what a recipe puts in the place of the domain's prompts */
export function domainOf(description: DomainDescription, own: RecipePrompts | null = null): Domain {
  const { name, question, repetition, topics, difficulty, topic } = description;
  const prompts = withPrompts(description.prompts, own);
  const form = FORM[question.form](question);
  const { extract, canonical } = answersOf(description.answers);
  return {
    name,
    answers: description.answers.kind === 'chains' ? null : description.answers.kind,
    topics,
    challengerPrompt: (about) => challengerPrompt(prompts, about ?? null),
    parseQuestion: (completion, finish) => form.parse(completion, finish),
    isQuestion: (text) => form.isQuestion(text),
    solverPrompt: (text) => solverPrompt(prompts, text),
    extractAnswer: extract,
    canonicalAnswer: canonical,
    normaliseQuestion: NORMAL[description.normalise],
    bleuTokens: repetition.tokens === 'words' ? wordsOf : (text) => [...text],
    bleuSmoothing: repetition.smoothing,
    difficulty: difficulty === null ? () => null : DIFFICULTY[difficulty],
    topic: topic === null ? () => null : TOPIC[topic],
    ...optional(description),
  };
}

/** What only some domains can do. */
function optional({
  question,
  rewriting,
  oracle,
  normalise,
}: DomainDescription): Pick<Domain, 'rewrite' | 'rewriteClass' | 'oracle' | 'present'> {
  const choice = question.form === 'choice';
  return {
    ...(choice && { rewriteClass: (text) => withoutOrder(text, NORMAL[normalise]) }),
    ...(choice && question.options.shuffle && { present: shuffleOptions }),
    ...(rewriting !== null && REWRITING[rewriting]),
    ...(oracle !== null && { oracle: ORACLE[oracle] }),
  };
}
