"""Golden values of the training room, from PyTorch: GRPO's loss and every gradient, AdamW, Muon.

    python scripts/golden/training.py

needs torch, transformers 5 and safetensors. The model is a tiny Qwen3 with random weights; nothing here is our code's output.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import Qwen3Config, Qwen3ForCausalLM

CLIP, BETA = 0.2, 0.03
CONFIG = dict(
    vocab_size=40,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=16,
    max_position_embeddings=64,
    rope_parameters=dict(rope_type="default", rope_theta=10000.0),
    tie_word_embeddings=True,
    bos_token_id=1,
    eos_token_id=2,
    pad_token_id=0,
)


def model_with(seed):
    torch.manual_seed(seed)
    model = Qwen3ForCausalLM(Qwen3Config(**CONFIG)).eval()
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.copy_(1 + 0.2 * torch.randn_like(p) if p.dim() == 1 else 0.25 * torch.randn_like(p))
    return model


def moved(model, seed, size):
    """A copy with slightly other weights, so that ratios and KL are not trivial."""
    other = model_with(seed)
    torch.manual_seed(seed + 1)
    with torch.no_grad():
        for p, q in zip(model.parameters(), other.parameters()):
            q.copy_(p + size * torch.randn_like(p))
    return other


def score(model, sample):
    """Log-probabilities and entropies of a completion, one sequence at a time and without any padding."""
    prompt, completion = sample["prompt"], sample["completion"]
    logits = model(torch.tensor([prompt + completion[:-1]])).logits[0, len(prompt) - 1 :]
    logp = torch.log_softmax(logits, -1)
    chosen = logp.gather(-1, torch.tensor(completion)[:, None])[:, 0]
    return chosen, -(logp.exp() * logp).sum(-1)


def grpo(model, reference, samples, old):
    """Token-mean GRPO loss by automatic differentiation; `old` is a list of tensors, or None for the policy itself."""
    model.zero_grad()
    active = [i for i, s in enumerate(samples) if s["advantage"] != 0]
    tokens = sum(len(samples[i]["completion"]) for i in active)
    sums = dict(loss=0.0, kl=0.0, entropy=0.0, clipped=0.0)
    kinds = set()
    for i in active:
        logp, entropy = score(model, samples[i])
        with torch.no_grad():
            ref, _ = score(reference, samples[i])
        before = logp.detach() if old is None else old[i]
        advantage = torch.tensor(samples[i]["advantage"])
        ratio = (logp - before).exp()
        free, bounded = ratio * advantage, ratio.clamp(1 - CLIP, 1 + CLIP) * advantage
        d = ref - logp
        k3 = d.clamp(max=10).exp() - d - 1
        loss = (-torch.min(free, bounded) + BETA * k3).sum() / tokens
        loss.backward()
        for name, value in (("loss", loss * tokens), ("kl", k3.sum()), ("entropy", entropy.sum()), ("clipped", (bounded < free).sum())):
            sums[name] += value.item() / tokens
        for r, a in zip(ratio.tolist(), [samples[i]["advantage"]] * len(ratio)):
            kinds.add(("above" if r > 1 + CLIP else "below" if r < 1 - CLIP else "inside", a > 0))
    norm = torch.linalg.vector_norm(torch.stack([p.grad.norm() for p in model.parameters()])).item()
    return dict(sums, gradientNorm=norm, tokens=tokens), {n: p.grad.clone() for n, p in model.named_parameters()}, kinds


def random_samples():
    torch.manual_seed(5)
    samples = []
    for prompt, completion, advantage in ((3, 9, 1.3), (7, 4, -0.8), (2, 17, 0.4), (5, 1, -1.6), (4, 6, 0.0), (6, 12, -0.5), (1, 3, 2.1)):
        draw = lambda n: torch.randint(3, CONFIG["vocab_size"], (n,)).tolist()
        samples.append(dict(prompt=draw(prompt), completion=draw(completion), advantage=advantage))
    return samples


def make_grpo(folder):
    model, samples = model_with(1), random_samples()
    reference, behaviour = moved(model, 2, 0.02), moved(model, 3, 0.02)
    with torch.no_grad():
        old = [score(behaviour, s)[0] for s in samples]
    on_policy, on_gradients, _ = grpo(model, reference, samples, None)
    off_policy, off_gradients, kinds = grpo(model, reference, samples, old)
    assert len(kinds) == 6, f"the batch must reach every side of the clip with either sign: {kinds}"
    plain = lambda tensors: {n: t.detach().contiguous().clone() for n, t in tensors.items()}
    save_file(plain(dict(model.named_parameters())), folder / "weights.safetensors")
    save_file(plain(dict(reference.named_parameters())), folder / "reference.safetensors")
    save_file(plain(on_gradients), folder / "gradients-on-policy.safetensors")
    save_file(plain(off_gradients), folder / "gradients-off-policy.safetensors")
    for sample, before in zip(samples, old):
        sample["oldLogProbs"] = before.tolist()
    content = dict(clip=CLIP, kl=BETA, config=CONFIG, samples=samples, onPolicy=on_policy, offPolicy=off_policy)
    (folder / "grpo.json").write_text(json.dumps(content, indent=1))


def make_adamw(folder):
    torch.manual_seed(7)
    settings = dict(lr=3e-3, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.1)
    parameters = [torch.nn.Parameter(torch.randn(shape)) for shape in ((6, 5), (7,), (1, 9))]
    optimiser = torch.optim.AdamW(parameters, **settings)
    record = dict(settings, start=[p.tolist() for p in parameters], gradients=[], after=[])
    for step in range(20):
        for p in parameters:
            p.grad = torch.randn_like(p) * 10.0 ** (step % 5 - 3)
        record["gradients"].append([p.grad.tolist() for p in parameters])
        optimiser.step()
        record["after"].append([p.tolist() for p in parameters])
    (folder / "adamw.json").write_text(json.dumps(record))


def newton_schulz(g):
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g / (g.norm() + 1e-7)
    wide = x if x.shape[0] <= x.shape[1] else x.T
    for _ in range(5):
        gram = wide @ wide.T
        wide = a * wide + (b * gram + c * gram @ gram) @ wide
    return wide if x.shape[0] <= x.shape[1] else wide.T


def make_muon(folder):
    """PyTorch's layout, (out, in): the reader has to transpose."""
    torch.manual_seed(8)
    lr, momentum = 0.02, 0.95
    weights = [torch.randn(shape) for shape in ((12, 5), (5, 12), (8, 8))]
    buffers = [torch.zeros_like(w) for w in weights]
    record = dict(lr=lr, momentum=momentum, start=[w.tolist() for w in weights], gradients=[], after=[])
    for _ in range(5):
        gradients = [torch.randn_like(w) for w in weights]
        record["gradients"].append([g.tolist() for g in gradients])
        for w, b, g in zip(weights, buffers, gradients):
            b.mul_(momentum).add_(g)
            w.sub_(newton_schulz(g + momentum * b), alpha=lr * max(1, w.shape[0] / w.shape[1]) ** 0.5)
        record["after"].append([w.tolist() for w in weights])
    (folder / "muon.json").write_text(json.dumps(record))


def make(folder):
    make_grpo(folder)
    make_adamw(folder)
    make_muon(folder)


if __name__ == "__main__":
    target = Path(__file__).resolve().parents[2] / "test" / "golden" / "training"
    target.mkdir(parents=True, exist_ok=True)
    make(target)
