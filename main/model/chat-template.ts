/**
 * Chat templates: the Jinja program of a model folder that turns messages into the text the model was trained on. It
 * stands in `chat_template.jinja`, or in `tokenizer_config.json` as `chat_template` (a string, or a list of named ones).
 * Follows transformers' `apply_chat_template(tokenize=False)`. Leaves out tools and documents.
 */
import { Template } from '@huggingface/jinja';
import { LabError } from '../lib/errors.js';
import { isObject, type JsonObject } from './json-file.js';

export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

export interface ChatTemplateOptions {
  /** End with what opens the assistant's turn. */
  readonly addGenerationPrompt?: boolean;
  /** Further variables of the template, for example `enable_thinking`. */
  readonly variables?: Readonly<Record<string, unknown>>;
}

export class ChatTemplate {
  private constructor(
    readonly source: string,
    private readonly template: Template,
    private readonly tokens: Readonly<Record<string, string>>,
  ) {}

  /** The template of a folder, or null where it has none. `file` is the text of chat_template.jinja, if any. */
  static of(folder: string, file: string | null, tokenizerConfig: JsonObject): ChatTemplate | null {
    const source = file ?? embedded(tokenizerConfig.chat_template);
    if (source === null) return null;
    try {
      return new ChatTemplate(source, new Template(source), specialTokens(tokenizerConfig));
    } catch (cause) {
      throw new LabError('model', `The chat template of ${folder} cannot be parsed: ${(cause as Error).message}.`, {
        cause,
        remedy: 'Correct chat_template.jinja (or chat_template in tokenizer_config.json), or download it again.',
      });
    }
  }

  render(messages: readonly ChatMessage[], options: ChatTemplateOptions = {}): string {
    try {
      return this.template.render({
        ...this.tokens,
        // transformers defines these two even where they are not given.
        tools: null,
        documents: null,
        messages,
        add_generation_prompt: options.addGenerationPrompt ?? false,
        ...options.variables,
      });
    } catch (cause) {
      throw new LabError('model', `The chat template refuses these messages: ${(cause as Error).message}.`, {
        cause,
        remedy: 'Many templates allow a system message only first and want user and assistant to alternate.',
      });
    }
  }
}

function embedded(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return null;
  const named = value.filter(isObject);
  const chosen = named.find((entry) => entry.name === 'default') ?? named[0];
  return typeof chosen?.template === 'string' ? chosen.template : null;
}

/** `bos_token`, `eos_token`, … as the template sees them; each is a string or an added-token object. */
function specialTokens(tokenizerConfig: JsonObject): Record<string, string> {
  const tokens: Record<string, string> = {};
  for (const [key, value] of Object.entries(tokenizerConfig)) {
    if (!key.endsWith('_token')) continue;
    const text = isObject(value) ? value.content : value;
    if (typeof text === 'string') tokens[key] = text;
  }
  return tokens;
}
