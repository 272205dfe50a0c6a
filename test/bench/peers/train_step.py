"""The peer of train-step.ts: the nano model in eager PyTorch, forward and backward of the token-mean cross-entropy.

Written for speed as PyTorch users write: q·k·v and gate·up fused, `scaled_dot_product_attention`, `rms_norm`, float32.
"""

import json
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import load_file


def rotate(x, cos, sin):
    half = x.shape[-1] // 2
    return x * cos + torch.cat([-x[..., half:], x[..., :half]], -1) * sin


class Norm(nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.weight = nn.Parameter(weight)

    def forward(self, x):
        return F.rms_norm(x, (x.shape[-1],), self.weight, 1e-6)


def linear(*weights):
    weight = torch.cat(weights)
    layer = nn.Linear(weight.shape[1], weight.shape[0], bias=False)
    layer.weight = nn.Parameter(weight)
    return layer


class Block(nn.Module):
    def __init__(self, c, w):
        super().__init__()
        self.heads, self.kv, self.dim = c["num_attention_heads"], c["num_key_value_heads"], c["head_dim"]
        self.norm1, self.norm2 = Norm(w["input_layernorm.weight"]), Norm(w["post_attention_layernorm.weight"])
        self.q_norm, self.k_norm = Norm(w["self_attn.q_norm.weight"]), Norm(w["self_attn.k_norm.weight"])
        self.qkv = linear(*(w[f"self_attn.{n}_proj.weight"] for n in "qkv"))
        self.o = linear(w["self_attn.o_proj.weight"])
        self.gate_up = linear(w["mlp.gate_proj.weight"], w["mlp.up_proj.weight"])
        self.down = linear(w["mlp.down_proj.weight"])

    def forward(self, x, cos, sin):
        batch, length, _ = x.shape
        qkv = self.qkv(self.norm1(x)).view(batch, length, -1, self.dim)
        q, k, v = qkv.split([self.heads, self.kv, self.kv], 2)
        q = rotate(self.q_norm(q).transpose(1, 2), cos, sin)
        k = rotate(self.k_norm(k).transpose(1, 2), cos, sin)
        group = self.heads // self.kv
        k, v = k.repeat_interleave(group, 1), v.transpose(1, 2).repeat_interleave(group, 1)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.o(mixed.transpose(1, 2).reshape(batch, length, -1))
        gate, up = self.gate_up(self.norm2(x)).chunk(2, -1)
        return x + self.down(F.silu(gate) * up)


class Decoder(nn.Module):
    def __init__(self, c, weights):
        super().__init__()
        self.embed = nn.Embedding.from_pretrained(weights["model.embed_tokens.weight"], freeze=False)
        self.norm = Norm(weights["model.norm.weight"])
        layer = lambda i: {k.split(f"layers.{i}.")[1]: v for k, v in weights.items() if f"layers.{i}." in k}
        self.blocks = nn.ModuleList([Block(c, layer(i)) for i in range(c["num_hidden_layers"])])
        frequency = 10000.0 ** (-torch.arange(0, c["head_dim"], 2).float() / c["head_dim"])
        angles = torch.outer(torch.arange(c["max_position_embeddings"]).float(), frequency)
        angles = torch.cat([angles, angles], -1)
        self.cos, self.sin = angles.cos(), angles.sin()

    def forward(self, ids):
        x = self.embed(ids)
        cos, sin = self.cos[: ids.shape[1]], self.sin[: ids.shape[1]]
        for block in self.blocks:
            x = block(x, cos, sin)
        return F.linear(self.norm(x), self.embed.weight)


def main():
    folder, threads = sys.argv[1], int(sys.argv[2])
    torch.set_num_threads(threads)
    config = json.load(open(f"{folder}/config.json"))
    model = Decoder(config, load_file(f"{folder}/model.safetensors"))
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        ids = torch.tensor(json.loads(line)["ids"])
        start = time.perf_counter()
        logits = model(ids[:, :-1])
        loss = F.cross_entropy(logits.reshape(-1, logits.shape[-1]), ids[:, 1:].reshape(-1))
        loss.backward()
        value = loss.item()
        seconds = time.perf_counter() - start
        norm = torch.linalg.vector_norm(torch.stack([p.grad.norm() for p in model.parameters()])).item()
        model.zero_grad(set_to_none=True)
        print(json.dumps({"seconds": seconds, "loss": value, "norm": norm}), flush=True)


main()
