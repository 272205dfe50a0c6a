"""Chats rendered by transformers' apply_chat_template, with templates in the manner of ChatML (Qwen) and of Llama 3."""

import json
from pathlib import Path

from char_tokenizer import char_tokenizer
from transformers import PreTrainedTokenizerFast
from tokenizers import Tokenizer

CHATML = """{%- if messages[0].role == 'system' %}
    {{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}
{%- endif %}
{%- set ns = namespace(last=messages|length - 1) %}
{%- for message in messages[::-1] %}
    {%- if message.role == 'user' and ns.last == messages|length - 1 %}{%- set ns.last = messages|length - 1 - loop.index0 %}{%- endif %}
{%- endfor %}
{%- for message in messages %}
    {%- if message.role == 'assistant' and '</think>' in message.content %}
        {%- set content = message.content.split('</think>')[-1].lstrip('\\n') %}
        {{- '<|im_start|>assistant\\n' + content + '<|im_end|>\\n' }}
    {%- elif message.role != 'system' or not loop.first %}
        {{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\\n' }}
    {%- if enable_thinking is defined and enable_thinking is false %}
        {{- '<think>\\n\\n</think>\\n\\n' }}
    {%- endif %}
{%- endif %}
"""
LLAMA3 = """{{- bos_token }}
{%- if not date_string is defined %}
    {%- set date_string = "26 Jul 2024" %}
{%- endif %}
{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content'] | trim %}
    {%- set messages = messages[1:] %}
{%- else %}
    {%- set system_message = "" %}
{%- endif %}
{{- "<|start_header_id|>system<|end_header_id|>\\n\\n" }}
{{- "Today Date: " + date_string + "\\n\\n" + system_message + "<|eot_id|>" }}
{%- for message in messages %}
    {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
"""
# Trailing white space and line breaks after block tags: what trim_blocks and lstrip_blocks decide.
LLAMA2 = """{% if messages[0]['role'] == 'system' %}
{% set system = '<<SYS>>\\n' + messages[0]['content'] + '\\n<</SYS>>\\n\\n' %}
{% set rest = messages[1:] %}
{% else %}
  {% set system = '' %}
  {% set rest = messages %}
{% endif %}
{% for m in rest %}
{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}
    {% if m['role'] == 'user' %}{{ bos_token + '[INST] ' + (system if loop.first else '') + m['content'].strip() + ' [/INST]' }}
    {% else %}{{ ' ' + m['content'] | trim + ' ' + eos_token }}{% endif %}

{% endfor %}
{% if tools is not none %}tools{% endif %}
{{ messages | length }}: {{ messages[0] | tojson }}
"""
CHATS = [
    [("user", "What is 3 + 8?")],
    [("system", "You are terse."), ("user", "  What is\n3 + 8? \n"), ("assistant", "11"), ("user", "And é 我 😀 <b>&</b>?")],
    [("user", "a"), ("assistant", "<think>\nhm\n</think>\n\nb"), ("user", "c")],
    [("system", ""), ("user", "")],
    [("user", "one"), ("user", "two")],
]


def make(root: Path):
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(json.dumps(char_tokenizer(["<pad>", "<|bos|>", "<|eos|>"], "ab", "<pad>"))),
        bos_token="<|bos|>",
        eos_token="<|eos|>",
        pad_token="<pad>",
    )
    cases = []
    for name, template in (("chatml", CHATML), ("llama3", LLAMA3), ("llama2", LLAMA2)):
        for chat in CHATS:
            for prompt in (False, True):
                for variables in ({}, {"enable_thinking": False}, {"date_string": "1 Jan 2026"}):
                    messages = [dict(role=role, content=content) for role, content in chat]
                    try:
                        text = tokenizer.apply_chat_template(
                            messages, chat_template=template, tokenize=False, add_generation_prompt=prompt, **variables
                        )
                    except Exception:
                        text = None
                    cases.append(dict(template=name, messages=messages, prompt=prompt, variables=variables, text=text))
    (root / "templates.json").write_text(json.dumps(dict(chatml=CHATML, llama3=LLAMA3, llama2=LLAMA2), indent=1) + "\n")
    (root / "golden.json").write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n")
    print(f"{len(cases)} chats, {sum(case['text'] is None for case in cases)} refused")
