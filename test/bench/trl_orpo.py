"""ORPO + LoRA with TRL on the CPU: what train.ts compares with.

Usage: python trl_orpo.py MODEL PAIRS.json [--init DIR] [--rows-out FILE] [--prepare] [--adapter-out DIR]
                     [--pairs 12] [--batch 1] [--max-length 1024] [--gradient-checkpointing] [--bf16]
PAIRS.json is ShareGPT: [{conversations: [{from, value}], chosen: {value}, rejected: {value}}]. It takes, in order, the first rows that
fit max_length; rows that do not fit are left out, not truncated.
--init writes the adapter the run starts from (PEFT format), so that another trainer can start from the same one.
--rows-out writes the rows it took: index in PAIRS.json, texts and token ids.
--prepare ends after writing those two. --adapter-out writes the trained adapter.
Last line: one JSON object (pairs_per_s, tokens_per_s, tokens, seconds, cpu_seconds, peak_rss_bytes, losses, grad_norms).
"""
import argparse
import json
import os
import resource
import sys
import tempfile
import time

os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", TRL_EXPERIMENTAL_SILENCE="1")
import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl.experimental.orpo import ORPOConfig, ORPOTrainer

ROLES = {"human": "user", "gpt": "assistant", "system": "system"}
# A response ends in the turn's own stop token, so that TRL appends no second one.
STOP = "<|im_end|>"


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("pairs_file")
    parser.add_argument("--init")
    parser.add_argument("--rows-out")
    parser.add_argument("--prepare", action="store_true")
    parser.add_argument("--adapter-out")
    parser.add_argument("--pairs", type=int, default=12)
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--max-length", type=int, default=1024)
    parser.add_argument("--gradient-checkpointing", action="store_true")
    parser.add_argument("--bf16", action="store_true")
    return parser.parse_args()


def fitting_rows(a, tokenizer):
    """Rows, their places in the file, and their tokens as the trainer computes them: each prompt twice."""
    length = lambda text: len(tokenizer(text, add_special_tokens=False).input_ids)
    rows, indices, tokens = [], [], 0
    for index, pair in enumerate(json.load(open(a.pairs_file, encoding="utf-8"))):
        prompt = tokenizer.apply_chat_template(
            [dict(role=ROLES[message["from"]], content=message["value"]) for message in pair["conversations"]],
            tokenize=False, add_generation_prompt=True)
        row = dict(prompt=prompt, chosen=pair["chosen"]["value"] + STOP, rejected=pair["rejected"]["value"] + STOP)
        p, c, j = length(prompt), length(row["chosen"]), length(row["rejected"])
        if p + max(c, j) >= a.max_length:
            continue
        rows.append(row)
        indices.append(index)
        tokens += 2 * p + c + j
        if len(rows) == a.pairs:
            break
    return rows, indices, tokens


def make_trainer(a, rows, tokenizer, folder):
    model = AutoModelForCausalLM.from_pretrained(a.model, dtype=torch.bfloat16 if a.bf16 else torch.float32)
    # Not named, so TRL's own: weight_decay 0, Adam betas 0.9 and 0.999, epsilon 1e-8, one batch an update.
    config = ORPOConfig(
        output_dir=folder, per_device_train_batch_size=a.batch, max_steps=len(rows) // a.batch, max_length=a.max_length,
        beta=0.1, learning_rate=1e-4, lr_scheduler_type="constant", max_grad_norm=0.3, logging_steps=1, report_to=[],
        save_strategy="no", use_cpu=True, bf16=a.bf16, fp16=False, gradient_checkpointing=a.gradient_checkpointing,
        seed=42, optim="adamw_torch", disable_dropout=True, disable_tqdm=True, train_sampling_strategy="sequential")
    lora = LoraConfig(
        r=16, lora_alpha=16, lora_dropout=0.0, task_type="CAUSAL_LM",
        target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"])
    return ORPOTrainer(model=model, args=config, train_dataset=Dataset.from_list(rows), processing_class=tokenizer, peft_config=lora)


def write_rows(file, trainer, indices):
    keep = ("prompt", "chosen", "rejected", "prompt_input_ids", "chosen_input_ids", "rejected_input_ids")
    rows = [dict(index=index, **{key: row[key] for key in keep}) for index, row in zip(indices, trainer.train_dataset, strict=True)]
    with open(file, "w", encoding="utf-8") as out:
        json.dump(rows, out)


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    a = arguments()
    torch.set_num_threads(os.cpu_count())
    tokenizer = AutoTokenizer.from_pretrained(a.model)
    rows, indices, tokens = fitting_rows(a, tokenizer)
    with tempfile.TemporaryDirectory() as folder:
        trainer = make_trainer(a, rows, tokenizer, folder)
        if a.init:
            trainer.model.save_pretrained(a.init)
        if a.rows_out:
            write_rows(a.rows_out, trainer, indices)
        if a.prepare:
            return
        start, cpu_start = time.perf_counter(), cpu_seconds()
        trainer.train()
        seconds, cpu = time.perf_counter() - start, cpu_seconds() - cpu_start
        if a.adapter_out:
            trainer.model.save_pretrained(a.adapter_out)
    # Kilobytes on Linux, bytes on macOS.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    steps = [entry for entry in trainer.state.log_history if "loss" in entry]
    print(json.dumps(dict(
        pairs_per_s=len(rows) / seconds, tokens_per_s=tokens / seconds, tokens=tokens, seconds=seconds, cpu_seconds=cpu,
        peak_rss_bytes=peak, losses=[step["loss"] for step in steps], grad_norms=[step["grad_norm"] for step in steps])))


main()
