/** What is used of @huggingface/tokenizers, whose own declarations do not resolve under NodeNext. */
declare module '@huggingface/tokenizers' {
  export interface PreTokenizer {
    /** Of a sequence. */
    readonly tokenizers?: readonly (PreTokenizer | null)[];
    /** Of the byte-level step: whether it splits by `pattern`. */
    readonly use_regex?: boolean;
    pattern?: RegExp;
  }

  export class Tokenizer {
    /** Parsed tokenizer.json and tokenizer_config.json. */
    constructor(tokenizer: object, config: object);
    readonly pre_tokenizer: PreTokenizer | null;
    encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
    decode(ids: number[]): string;
    token_to_id(token: string): number | undefined;
    id_to_token(id: number): string | undefined;
  }
}
