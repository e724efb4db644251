/** The levels of the debug log, an option of every command. */

/** From the most important; a log of one level has all lines of the levels before it, too. */
export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;
/** One of them. */
export type LogLevel = typeof LOG_LEVELS[number];
