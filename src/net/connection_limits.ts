/** How much one connection writes and handles at a time. */

/** Room for one write: the bytes of files, and what is said meanwhile. */
export const WRITE_BUFFER_BYTES = 512 * 1024;
/** Bytes of files in one write: what is said meanwhile waits for no more than that. */
export const BULK_BYTES_PER_WRITE = 256 * 1024;
/** Time for one write. A peer that reads more slowly than that, some 9 KB a second, is cut and resumes by vectors. */
export const WRITE_MS_MAX = 30_000;
/** Time that the records of one link may take in a row; then the other links have their turn. */
export const TURN_MS_MAX = 4;
/** Records of one link that are handled in a row; then the other links have their turn, however much has come here. */
export const TURN_RECORDS_MAX = 32;
/** Time for the last bytes of a session that ends: enough to say why, too little to hold up a Ctrl-C. */
export const CLOSE_MS_MAX = 300;
/** For what is read unheard at the end. */
export const DRAIN_BUFFER_BYTES = 4 * 1024;
/** Below this many queued bytes of files a session asks its owner for more of them. */
export const BULK_LOW_WATER_BYTES = 512 * 1024;
/** Below this many queued bytes a session asks its owner for more of what was left to send. */
export const LOW_WATER_BYTES = 64 * 1024;
