/** Ends of a turn that templates write, whatever a tokenizer calls its EOS; those that are tokens of the model's count as stops. */
export const TURN_ENDS: readonly string[] = [
  '<|im_end|>', '<|eot_id|>', '<|eom_id|>', '<end_of_turn>', '<turn|>', '<|end|>', '<|endoftext|>', '<|end_of_text|>', '<|end_of_turn|>', '</s>', '<eos>', '<｜end▁of▁sentence｜>',
];
