/** A language model as one thing: its shape, its weights, and how text becomes tokens for it. */
import type { ChatTemplate } from './chat-template.js';
import type { ModelConfig } from './config.js';
import type { GenerationDefaults } from './generation.js';
import type { JsonObject } from './json-file.js';
import type { Parameters } from './parameters.js';
import type { Tokenizer } from './tokenizer.js';

export interface LanguageModel {
  readonly config: ModelConfig;
  readonly tokenizer: Tokenizer;
  /** Owned by whoever loaded the model: `parameters.dispose()`. */
  readonly parameters: Parameters;
  readonly chatTemplate: ChatTemplate | null;
  readonly generation: GenerationDefaults;
  readonly origin: ModelOrigin;
}

/** What is written back unchanged when a model is saved. */
export interface ModelOrigin {
  /** config.json as it was read, with the fields this code does not use. */
  readonly config: JsonObject;
  /** Tokenizer, chat template and generation config, file name → bytes. */
  readonly files: ReadonlyMap<string, Buffer>;
}
