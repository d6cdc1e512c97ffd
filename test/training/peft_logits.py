"""Logits of a base model with an adapter, as PEFT computes them: one JSON case a line on stdin, one answer a line on stdout."""
import json, os, sys
os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM

for line in sys.stdin:
    case = json.loads(line)
    base = AutoModelForCausalLM.from_pretrained(case["model"], dtype=torch.float32, attn_implementation="eager").eval()
    with torch.no_grad():
        ids = torch.tensor([case["ids"]])
        before = base(ids).logits[0]
        after = PeftModel.from_pretrained(base, case["adapter"]).eval()(ids).logits[0]
    print(json.dumps({"before": before.flatten().tolist(), "after": after.flatten().tolist()}), flush=True)
