/** How much of a file goes into one message from a view. */
export const UPLOAD_PART_BYTES = 2 ** 20;
